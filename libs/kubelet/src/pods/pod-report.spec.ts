import type { Client } from '@kubernest/client';
import { type Context, childContext, FakeClock, silentLogger } from '@kubernest/kit';
import { type HollowRuntime, openHollowRuntime } from '@kubernest/runtime/hollow';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Prober } from '../probes/prober.ts';
import { startApi } from '../testing/api.ts';
import { type Fate, FatefulCalls } from '../testing/calls.ts';
import { key, podOf } from '../testing/kubelet.ts';
import { PODS, type Pod, type Probe } from '../types.ts';
import type { NodeParts } from './node-parts.ts';
import type { PodPlan } from './plan.ts';
import { PodMemory } from './pod-memory.ts';
import { PodReport } from './pod-report.ts';
import { RuntimeView } from './runtime-view.ts';

const plan: PodPlan = { actions: [], waiting: new Map(), wakeAt: undefined, finished: false };
const waitsFor = (reason: string): PodPlan => ({ ...plan, waiting: new Map([['main', { reason }]]) });

let ctx: Context;
let stop: AbortController;
let client: Client;
let runtime: HollowRuntime;
let view: RuntimeView;
/** What becomes of a status on its way to the API. */
let fate: Fate;
let sent: number;
beforeEach(async () => {
  const root = { signal: new AbortController().signal, clock: new FakeClock(), log: silentLogger };
  ({ ctx, controller: stop } = childContext(root));
  client = await startApi(ctx);
  runtime = openHollowRuntime({ images: ['busybox:1'] });
  view = new RuntimeView(runtime, () => {});
  [fate, sent] = [(_call, run) => run(), 0];
});
afterEach(() => stop.abort());

/** The pod as the API has it, and who reports on it. */
async function reported(pod: Pod = podOf()) {
  const pods = client.resource<Pod>(PODS);
  const worker = {
    pod: await pods.create(pod, {}, ctx),
    memory: new PodMemory(),
    messages: new Map<string, string>(),
    podIPs: ['10.0.0.1'],
    verdict: undefined,
    gone: false,
    heard: [] as string[],
    written(_asked: Pod, answer: Pod | 'gone') {
      worker.heard.push(answer === 'gone' ? answer : (reasonOf(answer) ?? 'running'));
      if (answer !== 'gone') worker.pod = answer;
    },
  };
  const calls = new FatefulCalls((call, run) => {
    sent = call.n;
    return fate(call, run);
  });
  const fated = calls.wrap('agent', pods, ['patch']);
  const parts = { client: { resource: () => fated }, runtime, view, hostIPs: ['192.0.2.1'], podDir: () => '/none' };
  const report = new PodReport({ worker, firstSeen: ctx.clock.now() }, parts as unknown as NodeParts, ctx);
  return { worker, report, seen: () => pods.fetch(key, ctx) };
}

const reasonOf = (pod: Pod): string | undefined => pod.status?.containerStatuses?.[0]?.state?.waiting?.reason;

async function started(pod: Pod) {
  const { name = '', namespace = '', uid = '' } = pod.metadata;
  const identity = { name, namespace, uid };
  const at = { pod: identity, attempt: 0, labels: {}, annotations: {} };
  const { id: sandboxId } = await runtime.runSandbox({ ...at, network: 'pod' } as never, ctx);
  const made = { ...at, sandboxId, name: 'main', kind: 'app', image: 'busybox:1', imageId: 'sha256:1' };
  const { id } = await runtime.createContainer(made as never, ctx);
  await runtime.startContainer(id, ctx);
  await view.refresh(ctx);
  return id;
}

describe('what is told of a pod', () => {
  it('is written when it differs from what is known, and else not', async () => {
    const { worker, report, seen } = await reported();
    await report.publish(waitsFor('Slow'));
    await report.publish(waitsFor('Slow'));
    expect([reasonOf(await seen()), worker.heard, sent]).toEqual(['Slow', ['Slow'], 1]);
    await report.publish(waitsFor('Slower'));
    expect([reasonOf(await seen()), worker.heard, sent]).toEqual(['Slower', ['Slow', 'Slower'], 2]);
  });

  it('is written one after the other, so that the last word is the newest', async () => {
    const { worker, report, seen } = await reported();
    const arrived = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    fate = async ({ n }, run) => {
      if (n === 1) {
        arrived.resolve();
        await answer.promise;
      }
      return run();
    };
    const words = ['first', 'second'].map((word) => report.publish(waitsFor(word)));
    await arrived.promise;
    await seen();
    expect(sent).toBe(1);
    answer.resolve();
    await Promise.all(words);
    expect([reasonOf(await seen()), worker.heard]).toEqual(['second', ['first', 'second']]);
  });

  it('is told again after a failure, and what comes after it does not wait for that', async () => {
    const { report, seen } = await reported();
    fate = async ({ n }, run) => {
      if (n === 1) throw new Error('away');
      return run();
    };
    const words = ['first', 'second'].map((word) => report.publish(waitsFor(word)));
    await expect(words[0]).rejects.toThrow('away');
    await words[1];
    expect(reasonOf(await seen())).toBe('second');
  });

  it('comes back when the pod is gone, and then nobody is told any more', async () => {
    const { worker, report } = await reported();
    await client.resource(PODS).delete(key, { gracePeriodSeconds: 0 }, ctx);
    await report.publish(plan);
    expect(worker.heard).toEqual(['gone']);
    worker.gone = true;
    await report.publish(waitsFor('Slow'));
    expect([worker.heard, sent]).toEqual([['gone'], 1]);
  });

  it('is never told of another pod of that name', async () => {
    const { worker, report } = await reported();
    await client.resource(PODS).delete(key, { gracePeriodSeconds: 0 }, ctx);
    const other = await client.resource<Pod>(PODS).create(podOf(), {}, ctx);
    await expect(report.publish(waitsFor('Slow'))).rejects.toMatchObject({ reason: 'Invalid' });
    expect(worker.heard).toEqual([]);
    expect(await client.resource<Pod>(PODS).fetch(key, ctx)).toEqual(other);
  });
});

describe('a container that runs', () => {
  const probe: Probe = { exec: { command: ['ready'] } };
  const told = (id: string, is: boolean) => ({
    phase: 'Running',
    containerStatuses: [{ name: 'main', containerID: `hollow://${id}`, ready: is, started: is }],
  });

  it.each([
    [
      'as its probes say, though it was ready before',
      { probes: { readinessProbe: probe }, before: true },
      [true, false],
    ],
    ['when it has no probes', { probes: {}, before: false }, [true, true]],
    ['as it was when nobody probes it any more', { before: true }, [true, true]],
    ['not when it never was, and nobody probes it', { before: false }, [false, false]],
    ['not because the one before it was', { before: true, other: true }, [false, false]],
  ])('has started and is ready %s', async (_, { probes, before, other = false }: Case, says) => {
    const { worker, report, seen } = await reported();
    const id = await started(worker.pod);
    const status = told(other ? 'another' : id, before);
    const known = { type: 'merge', subresource: 'status', body: { status } } as const;
    worker.pod = await client.resource<Pod>(PODS).patch(key, known, {}, ctx);
    if (probes) {
      const say = (): void => {};
      const target = { container: { name: 'main', ...probes }, containerId: id, startedAt: ctx.clock.now() };
      const more = { podIP: '', events: { normal: say, warning: say }, restarts: true, remembered: {} };
      worker.memory.probers.set(id, new Prober({ ...target, ...more }, { runtime, onChange: say }, ctx));
    }
    await report.publish(plan);
    const [now] = (await seen()).status?.containerStatuses ?? [];
    expect([now?.started, now?.ready]).toEqual(says);
  });

  interface Case {
    readonly probes?: { readonly readinessProbe?: Probe };
    readonly before: boolean;
    readonly other?: boolean;
  }
});
