import { FakeClock } from '@kubernest/kit';
import { atOnce } from '@kubernest/meta';
import { describe, expect, it, vi } from 'vitest';
import { ClusterState } from './cluster-state.ts';
import { decide as decideInSteps, explainMisfits } from './decide.ts';
import { fewerIsBetter, moreIsBetter, smallestToLargest } from './normalize.ts';
import type { ClusterView, NodeObject, PodObject, SchedulerPlugin } from './plugin.ts';
import { PodQueue } from './pod-queue.ts';

const decide = (...asked: Parameters<typeof decideInSteps>) => atOnce(decideInSteps(...asked));
const node = (name: string): NodeObject =>
  ({ metadata: { name }, status: { allocatable: { cpu: '1', pods: '10' } } }) as unknown as NodeObject;
const pod = (uid: string, nodeName?: string, phase?: string, priority?: number): PodObject =>
  ({
    metadata: { name: uid, uid },
    spec: { nodeName, priority, containers: [{ name: 'c', resources: { requests: { cpu: '100m' } } }] },
    status: { phase },
  }) as unknown as PodObject;
const cpuOn = (state: ClusterState, name: string): number =>
  state
    .nodes()
    .find((n) => n.name === name)
    ?.requested.get('cpu') ?? 0;

describe('the cluster state', () => {
  it('counts an assumed pod until its binding fails, and once when the cache confirms it', () => {
    const state = new ClusterState();
    state.setNode(node('a'));
    state.assume(pod('p'), 'a');
    expect(cpuOn(state, 'a')).toBe(100);
    state.setPod(pod('p', 'a'));
    state.forget('p');
    expect(cpuOn(state, 'a')).toBe(100);
    state.assume(pod('q'), 'a');
    state.forget('q');
    expect(cpuOn(state, 'a')).toBe(100);
  });

  it('knows the pods of a node whose object comes later', () => {
    const state = new ClusterState();
    state.setPod(pod('p', 'a'));
    state.setNode(node('a'));
    expect(cpuOn(state, 'a')).toBe(100);
  });

  it('keeps the pods of a node that goes and comes back', () => {
    const state = new ClusterState();
    state.setNode(node('a'));
    state.setPod(pod('p', 'a'));
    state.removeNode('a');
    state.setNode(node('a'));
    expect(cpuOn(state, 'a')).toBe(100);
    state.removePod('p');
    expect(cpuOn(state, 'a')).toBe(0);
  });

  it('frees what a finished pod had', () => {
    const state = new ClusterState();
    state.setNode(node('a'));
    state.setPod(pod('p', 'a'));
    state.setPod(pod('p', 'a', 'Succeeded'));
    expect(cpuOn(state, 'a')).toBe(0);
  });
});

describe('deciding', () => {
  const refuses = (...names: string[]): SchedulerPlugin => ({
    name: 'refuses',
    unblockedBy: ['node-added'],
    filter: (_pod, n) => (names.includes(n.name) ? [{ reason: 'Insufficient luck', unresolvable: false }] : undefined),
  });
  const cluster = (): ClusterView => {
    const state = new ClusterState();
    for (const name of ['a', 'b', 'c']) state.setNode(node(name));
    return { nodes: state.nodes(), namespaceLabels: () => undefined };
  };

  it('takes the best of those that fit', () => {
    const likesC: SchedulerPlugin = { name: 'likes', unblockedBy: [], score: (_pod, n) => (n.name === 'c' ? 100 : 0) };
    const decision = decide(pod('p'), cluster(), [refuses('a'), likesC], 0);
    expect(decision.fits && decision.node.name).toBe('c');
  });

  it.each<[string, SchedulerPlugin['normalize'], Record<string, number>, string]>([
    ['more is better', moreIsBetter, { a: 1, b: 2, c: 0 }, 'b'],
    ['fewer is better', fewerIsBetter, { a: 1, b: 2, c: 0 }, 'c'],
    ['more is better, and all have none', moreIsBetter, { a: 0, b: 0, c: 0 }, 'a'],
    ['fewer is better, and all have none', fewerIsBetter, { a: 0, b: 0, c: 0 }, 'a'],
    ['from smallest to largest', smallestToLargest, { a: -7, b: -5, c: -7 }, 'b'],
    ['from smallest to largest, and all are alike', smallestToLargest, { a: -7, b: -7, c: -7 }, 'a'],
  ])('brings scores to one scale: %s', (_what, normalize, scores, best) => {
    const scaled: SchedulerPlugin = {
      name: 's',
      unblockedBy: [],
      normalize,
      weight: 2,
      score: (_pod, n) => scores[n.name]!,
    };
    // Would win if the other's small numbers counted as they are.
    const other: SchedulerPlugin = { name: 'o', unblockedBy: [], score: (_pod, n) => (n.name === 'a' ? 50 : 0) };
    const decision = decide(pod('p'), cluster(), [scaled, other], 0);
    expect(decision.fits && decision.node.name).toBe(best);
  });

  it('does not ask a plugin that has nothing to say about the pod', () => {
    const silent: SchedulerPlugin = {
      ...refuses('a', 'b', 'c'),
      prepare: () => undefined,
      score: () => {
        throw new Error('asked');
      },
    };
    expect(decide(pod('p'), cluster(), [silent], 0).fits).toBe(true);
  });

  it('goes round among equals', () => {
    const chosen = [0, 1, 2].map((turn) => {
      const decision = decide(pod('p'), cluster(), [], turn);
      return decision.fits && decision.node.name;
    });
    expect(chosen).toEqual(['a', 'b', 'c']);
  });

  it('says why nothing fits, counted', () => {
    const taint: SchedulerPlugin = {
      name: 't',
      unblockedBy: [],
      filter: () => [{ reason: 'node(s) had untolerated taint(s)', unresolvable: true }],
    };
    const decision = decide(pod('p'), cluster(), [refuses('a', 'b'), taint], 0);
    expect(!decision.fits && explainMisfits(3, decision.misfits)).toBe(
      '0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient luck.',
    );
    expect(explainMisfits(0, [])).toBe('no nodes available to schedule pods');
  });
});

describe('the queue', () => {
  const queue = () => {
    const clock = new FakeClock();
    const wake = vi.fn();
    return { clock, wake, queue: new PodQueue(clock, wake) };
  };
  const blocked: SchedulerPlugin = { name: 'b', unblockedBy: ['pod-deleted'] };

  it('hands out the higher priority first, then the older', () => {
    const { queue: q } = queue();
    for (const p of [pod('a'), pod('b'), pod('high', undefined, undefined, 10)]) q.push(p);
    expect([q.pop(), q.pop(), q.pop(), q.pop()].map((p) => p?.metadata.uid)).toEqual(['high', 'a', 'b', undefined]);
  });

  it('looks again only after a change that could help', () => {
    const { queue: q } = queue();
    q.wait(pod('a'), [blocked]);
    q.changed('node-added');
    expect(q.pop()).toBeUndefined();
    q.changed('pod-deleted');
    expect(q.pop()?.metadata.uid).toBe('a');
  });

  it('knows a change that came while the pod was decided on, and forgets those from before', () => {
    const { queue: q } = queue();
    q.changed('pod-deleted');
    for (const uid of ['a', 'b']) q.push(pod(uid));
    q.wait(q.pop()!, [blocked]);
    expect(q.size).toMatchObject({ ready: 1, waiting: 1 });
    const second = q.pop()!;
    q.changed('pod-deleted');
    q.wait(second, [blocked]);
    expect(q.size).toMatchObject({ ready: 2, waiting: 0 });
  });

  it('tries again after a fault, later each time', async () => {
    const { queue: q, clock } = queue();
    q.retryLater(pod('a'));
    await clock.advance(999);
    expect(q.pop()).toBeUndefined();
    await clock.advance(1);
    expect(q.pop()?.metadata.uid).toBe('a');
    q.retryLater(pod('a'));
    await clock.advance(1999);
    expect(q.pop()).toBeUndefined();
    await clock.advance(1);
    expect(q.pop()?.metadata.uid).toBe('a');
  });

  it('never hands out a pod that is gone', () => {
    const { queue: q } = queue();
    q.push(pod('a'));
    q.remove('a');
    expect(q.pop()).toBeUndefined();
  });
});
