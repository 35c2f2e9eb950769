import type { Pod, ReplicaSet } from '@kubernest/kinds';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BURST, planReplicas, planStatus, rankForDeletion, type StatusInput, sameStatus } from './replicaset.plan.ts';

const now = new Date('2026-01-01T12:00:00Z');
const ago = (seconds: number): string => new Date(now.getTime() - seconds * 1000).toISOString();

interface PodFacts {
  readonly node?: string;
  readonly phase?: string;
  /** Seconds since it became ready; absent: it is not. */
  readonly ready?: number;
  readonly cost?: string;
  readonly restarts?: number;
  readonly sidecarRestarts?: number;
  readonly age?: number;
  readonly leaving?: boolean;
  readonly labels?: Record<string, string>;
}
function pod(name: string, facts: PodFacts = {}): Pod {
  const {
    node = 'n',
    phase = 'Running',
    ready,
    cost,
    restarts,
    sidecarRestarts,
    age = 3600,
    labels = { app: 'web' },
  } = facts;
  const statuses = (restartCount: number | undefined) =>
    restartCount === undefined ? undefined : [{ name: 'c', restartCount }];
  return {
    metadata: {
      name,
      uid: name,
      labels,
      creationTimestamp: ago(age),
      ...(facts.leaving ? { deletionTimestamp: ago(1) } : {}),
      ...(cost === undefined ? {} : { annotations: { 'controller.kubernetes.io/pod-deletion-cost': cost } }),
    },
    spec: { containers: [], nodeName: node || undefined },
    status: {
      phase,
      conditions: ready === undefined ? [] : [{ type: 'Ready', status: 'True', lastTransitionTime: ago(ready) }],
      containerStatuses: statuses(restarts),
      initContainerStatuses: statuses(sidecarRestarts),
    },
  } as unknown as Pod;
}
const replicaSet = (
  replicas: number | undefined,
  over: { minReadySeconds?: number; status?: object } = {},
): ReplicaSet =>
  ({
    metadata: { name: 'web', generation: 7 },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web', tier: 'front' } } },
      minReadySeconds: over.minReadySeconds,
    },
    status: over.status,
  }) as unknown as ReplicaSet;
const pods = (count: number): Pod[] => Array.from({ length: count }, (_, i) => pod(`p${i}`));
const none = new Map<string, number>();

describe('planReplicas', () => {
  it.each<[string, number | undefined, number, number, number | string]>([
    ['what is missing is made', 3, 1, 0, 2],
    ['what is made already but not seen yet counts', 3, 1, 2, 0],
    ['no number is one', undefined, 0, 0, 1],
    ['never more than the burst is made', 2000, 0, 0, BURST],
    ['what is too many goes', 1, 3, 0, '2 go'],
    ['all go', 0, 2, 0, '2 go'],
    ['never more than the burst goes', 0, 700, 0, `${BURST} go`],
    ['what is not seen yet cannot go', 0, 1, 3, '1 go'],
  ])('%s', (_what, wanted, there, unseen, expected) => {
    const plan = planReplicas(replicaSet(wanted), pods(there), unseen, none, now);
    expect('create' in plan ? plan.create : `${plan.delete.length} go`).toBe(expected);
  });
});

describe('who goes first', () => {
  it.each<[string, PodFacts, PodFacts]>([
    ['one without a node', { node: '', ready: 10 }, { phase: 'Pending' }],
    ['one that is pending', { phase: 'Pending' }, { phase: 'Unknown' }],
    ['one of which nothing is known', { phase: 'Unknown' }, { phase: 'Running' }],
    ['one that is not ready, whatever it costs', { cost: '100' }, { ready: 10, cost: '-100' }],
    ['the cheaper one', { ready: 1000, cost: '-1' }, { ready: 10 }],
    ['a cost that is no whole number is none', { ready: 10, cost: '1' }, { ready: 5000, cost: '+9' }],
    ['the one on the fuller node', { ready: 1000, node: 'full' }, { ready: 10, node: 'n' }],
    ['the one ready for a shorter time', { ready: 10, restarts: 0 }, { ready: 1000, restarts: 9 }],
    ['the one that restarted more', { ready: 10, restarts: 3, age: 9000 }, { ready: 10, restarts: 1, age: 20 }],
    ['the one whose sidecar restarted more', { sidecarRestarts: 3, age: 9000 }, { sidecarRestarts: 1, age: 20 }],
    ['the younger one', { age: 10 }, { age: 1000 }],
  ])('%s', (what, first, second) => {
    const onNodes = new Map([
      ['full', 3],
      ['n', 1],
    ]);
    const expected = what.includes('no whole number') ? ['b', 'a'] : ['a', 'b'];
    for (const given of [
      [pod('a', first), pod('b', second)],
      [pod('b', second), pod('a', first)],
    ])
      expect(rankForDeletion(given, onNodes, now).map(({ metadata }) => metadata.name)).toEqual(expected);
  });

  it('is drawn among pods of about one age, and the same at every look', () => {
    const about = [pod('a', { ready: 1000 }), pod('b', { ready: 999 }), pod('c', { ready: 998 })];
    expect(rankForDeletion(about, none, now).map(({ metadata }) => metadata.name)).toEqual(['a', 'b', 'c']);
  });

  it('does not depend on the order in which pods are found', () => {
    const facts: fc.Arbitrary<PodFacts> = fc.record({
      node: fc.constantFrom('', 'n', 'full'),
      phase: fc.constantFrom('Pending', 'Unknown', 'Running'),
      ready: fc.constantFrom(undefined, 1, 100, 10_000),
      cost: fc.constantFrom('0', '5', '-5'),
      restarts: fc.nat(2),
    });
    fc.assert(
      fc.property(fc.array(facts, { maxLength: 8 }), fc.nat(), (list, turn) => {
        const given = list.map((each, i) => pod(`p${i}`, { ...each, age: 2 ** (i + 4) }));
        const at = given.length ? turn % given.length : 0;
        const turned = [...given.slice(at), ...given.slice(0, at)];
        expect(rankForDeletion(turned, none, now)).toEqual(rankForDeletion(given, none, now));
      }),
    );
  });
});

describe('planStatus', () => {
  const statusOf = (set: ReplicaSet, given: readonly Pod[], failure?: StatusInput['failure']) =>
    planStatus({ replicaSet: set, pods: given, failure, now });

  it('counts who is there, labelled, ready, available and on the way out', () => {
    const labels = { app: 'web', tier: 'front' };
    const given = [
      pod('starts', { phase: 'Pending' }),
      pod('fresh', { ready: 5, labels }),
      pod('works', { ready: 50, labels }),
      pod('ended', { phase: 'Failed' }),
      pod('leaves', { ready: 50, leaving: true }),
      pod('ended-and-leaves', { phase: 'Succeeded', leaving: true }),
    ];
    expect(statusOf(replicaSet(3, { minReadySeconds: 10 }), given)).toEqual({
      replicas: 3,
      fullyLabeledReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 1,
      terminatingReplicas: 1,
      observedGeneration: 7,
      conditions: undefined,
    });
  });

  const failure = { reason: 'FailedCreate', message: 'no room' } as const;
  const said = { type: 'ReplicaFailure', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z', ...failure };
  it.each<[string, object[], StatusInput['failure'], object[] | undefined]>([
    ['says what went wrong', [], failure, [{ ...said, lastTransitionTime: '2026-01-01T12:00:00Z' }]],
    ['does not say it twice', [said], failure, [said]],
    ['takes it back', [said], undefined, undefined],
    [
      'leaves what others said',
      [said, { type: 'Theirs', status: 'True' }],
      undefined,
      [{ type: 'Theirs', status: 'True' }],
    ],
  ])('%s', (_what, conditions, went, expected) => {
    expect(statusOf(replicaSet(3, { status: { conditions } }), [], went).conditions).toEqual(expected);
  });

  it('takes zero and absent for one, so that nothing is written for it', () => {
    expect(sameStatus({ replicas: 0, observedGeneration: 7 }, statusOf(replicaSet(0), []))).toBe(true);
    expect(sameStatus({ replicas: 0, observedGeneration: 6 }, statusOf(replicaSet(0), []))).toBe(false);
    expect(sameStatus({ replicas: 1, observedGeneration: 7 }, statusOf(replicaSet(0), []))).toBe(false);
    expect(sameStatus(undefined, statusOf(replicaSet(0), []))).toBe(false);
  });
});
