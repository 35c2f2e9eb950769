import type { ReplicaSet } from '@kubernest/kinds';
import { describe, expect, it } from 'vitest';
import { type DeploymentFacts, deploymentOf, setOf } from './deployment.fixture.ts';
import { type Condition, deadlineIn, find, type ProgressInput, pauseCondition, planStatus } from './progress.ts';

const now = new Date('2026-01-01T00:10:00Z');
const condition = (type: string, status: string, reason: string, lastUpdateTime = '2026-01-01T00:00:00Z'): Condition =>
  ({ type, status, reason, message: '', lastUpdateTime, lastTransitionTime: '2026-01-01T00:00:00Z' }) as Condition;
const progressing = (reason: string, status = 'True') => condition('Progressing', status, reason);
const current = (replicas: number, available: number, over: object = {}): ReplicaSet =>
  setOf({ image: 'new', replicas, available, status: over });
const statusAfter = (facts: DeploymentFacts, set: ReplicaSet | undefined, over: Partial<ProgressInput> = {}) =>
  planStatus({
    deployment: deploymentOf({ progressDeadlineSeconds: 600, ...facts }),
    current: set,
    old: [],
    conditions: facts.status?.conditions ?? [],
    collisionCount: undefined,
    rollout: true,
    now,
    ...over,
  });
const line = (one: Condition | undefined) => one && `${one.status} ${one.reason}: ${one.message}`;

describe('the numbers of a status', () => {
  it('are those of all sets', () => {
    const old = setOf({
      image: 'old',
      replicas: 3,
      available: 1,
      status: { replicas: 4, readyReplicas: 2, terminatingReplicas: 1 },
    });
    expect(statusAfter({}, current(1, 0, { replicas: 1 }), { old: [old], collisionCount: 2 })).toMatchObject({
      observedGeneration: 1,
      replicas: 5,
      updatedReplicas: 1,
      readyReplicas: 2,
      availableReplicas: 1,
      unavailableReplicas: 3,
      terminatingReplicas: 1,
      collisionCount: 2,
    });
  });
});

describe('Available', () => {
  it.each<[DeploymentFacts, number, string]>([
    [{ unavailable: 1 }, 3, 'True MinimumReplicasAvailable: Deployment has minimum availability.'],
    [{ unavailable: 1 }, 2, 'True MinimumReplicasAvailable: Deployment has minimum availability.'],
    [{ unavailable: 1 }, 1, 'False MinimumReplicasUnavailable: Deployment does not have minimum availability.'],
    [{ recreate: true }, 2, 'False MinimumReplicasUnavailable: Deployment does not have minimum availability.'],
    [{ replicas: 0 }, 0, 'True MinimumReplicasAvailable: Deployment has minimum availability.'],
  ])('%j with %d available is %s', (facts, available, expected) => {
    const status = statusAfter(facts, current(facts.replicas ?? 3, available));
    expect(line(find(status.conditions, 'Available'))).toBe(expected);
  });
});

describe('Progressing', () => {
  const done = 'True NewReplicaSetAvailable: ReplicaSet "web-new" has successfully progressed.';
  const goesOn = 'True ReplicaSetUpdated: ReplicaSet "web-new" is progressing.';
  const stuck = 'False ProgressDeadlineExceeded: ReplicaSet "web-new" has timed out progressing.';
  const halfway = { updatedReplicas: 3, replicas: 3, readyReplicas: 1, availableReplicas: 1 };
  const was = (reason: string, status = 'True', numbers: object = halfway): DeploymentFacts => ({
    status: { ...numbers, conditions: [progressing(reason, status)] },
  });

  it.each<[string, DeploymentFacts, ReplicaSet, string | undefined]>([
    ['is done when all new pods are available', was('ReplicaSetUpdated'), current(3, 3), done],
    ['is done even after it was stuck', was('ProgressDeadlineExceeded', 'False'), current(3, 3), done],
    ['goes on when one more pod became available', was('NewReplicaSetCreated'), current(3, 2), goesOn],
    [
      'goes on when one more pod became ready',
      was('NewReplicaSetCreated'),
      current(3, 1, { readyReplicas: 2 }),
      goesOn,
    ],
    ['goes on after it was stuck', was('ProgressDeadlineExceeded', 'False'), current(3, 2), goesOn],
    ['is stuck when nothing has happened for too long', was('NewReplicaSetCreated'), current(3, 1), stuck],
    ['stays stuck', was('ProgressDeadlineExceeded', 'False'), current(3, 1), 'False ProgressDeadlineExceeded: '],
    ['is never stuck once it was done', was('NewReplicaSetAvailable'), current(3, 0), 'True NewReplicaSetAvailable: '],
    [
      'is not told without a deadline',
      { ...was('ReplicaSetUpdated'), progressDeadlineSeconds: 2147483647 },
      current(3, 3),
      undefined,
    ],
  ])('%s', (_what, facts, set, expected) => {
    expect(line(find(statusAfter(facts, set).conditions, 'Progressing'))).toBe(expected);
  });

  it('is not done while the status speaks of an older specification', () => {
    const facts = was('ReplicaSetUpdated');
    const deployment = deploymentOf({ progressDeadlineSeconds: 600, ...facts });
    const old = setOf({ image: 'old', replicas: 1 });
    const status = statusAfter(facts, current(3, 3), { deployment, old: [old] });
    expect(find(status.conditions, 'Progressing')?.reason).toBe('ReplicaSetUpdated');
  });

  it('moves its update time with every progress, its transition time only with its status', () => {
    const [first] = statusAfter(was('ReplicaSetUpdated'), current(3, 2)).conditions!.filter(
      (c) => c.type === 'Progressing',
    );
    expect([first?.lastUpdateTime, first?.lastTransitionTime]).toEqual([
      '2026-01-01T00:10:00Z',
      '2026-01-01T00:00:00Z',
    ]);
    const after = statusAfter(was('ProgressDeadlineExceeded', 'False'), current(3, 2)).conditions;
    expect(find(after, 'Progressing')?.lastTransitionTime).toBe('2026-01-01T00:10:00Z');
  });

  it('is left alone while there is no rollout', () => {
    const status = statusAfter(was('DeploymentPaused', 'Unknown'), current(3, 3), { rollout: false });
    expect(find(status.conditions, 'Progressing')?.reason).toBe('DeploymentPaused');
  });
});

describe('ReplicaFailure', () => {
  const failure = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'no room' };

  it('is taken over from a set, the new one first', () => {
    const old = setOf({ image: 'old', replicas: 1, status: { conditions: [{ ...failure, message: 'old words' }] } });
    const set = current(3, 0, { conditions: [failure] });
    expect(line(find(statusAfter({}, set, { old: [old] }).conditions, 'ReplicaFailure'))).toBe(
      'True FailedCreate: no room',
    );
    expect(line(find(statusAfter({}, current(3, 0), { old: [old] }).conditions, 'ReplicaFailure'))).toBe(
      'True FailedCreate: old words',
    );
  });

  it('goes with its cause', () => {
    const facts = { status: { conditions: [condition('ReplicaFailure', 'True', 'FailedCreate')] } };
    expect(find(statusAfter(facts, current(3, 0)).conditions, 'ReplicaFailure')).toBeUndefined();
  });
});

describe('pausing', () => {
  const told = (paused: boolean, conditions: Condition[], progressDeadlineSeconds = 600) =>
    line(find(pauseCondition(deploymentOf({ paused, progressDeadlineSeconds }), conditions, now), 'Progressing'));

  it.each<[string, boolean, Condition[], string | undefined]>([
    ['is said', true, [progressing('ReplicaSetUpdated')], 'Unknown DeploymentPaused: Deployment is paused'],
    ['is said of a deployment of which nothing was said', true, [], 'Unknown DeploymentPaused: Deployment is paused'],
    [
      'ends with a word',
      false,
      [progressing('DeploymentPaused', 'Unknown')],
      'Unknown DeploymentResumed: Deployment is resumed',
    ],
    [
      'does not hide that it was stuck',
      true,
      [progressing('ProgressDeadlineExceeded', 'False')],
      'False ProgressDeadlineExceeded: ',
    ],
    ['is no news when it never happened', false, [progressing('ReplicaSetUpdated')], 'True ReplicaSetUpdated: '],
  ])('%s', (_what, paused, conditions, expected) => {
    expect(told(paused, conditions)).toBe(expected);
  });

  it('is not told without a deadline', () => {
    expect(told(true, [], 2147483647)).toBeUndefined();
  });
});

describe('deadlineIn', () => {
  it.each<[string, DeploymentFacts, Condition | undefined, number | undefined]>([
    [
      'what is left since the last progress',
      {},
      condition('Progressing', 'True', 'ReplicaSetUpdated', '2026-01-01T00:09:00Z'),
      540_000,
    ],
    ['nothing before the first word', {}, undefined, undefined],
    ['nothing once done', {}, progressing('NewReplicaSetAvailable'), undefined],
    ['nothing once stuck', {}, progressing('ProgressDeadlineExceeded', 'False'), undefined],
    ['nothing while paused', { paused: true }, progressing('DeploymentPaused', 'Unknown'), undefined],
    [
      'nothing without a deadline',
      { progressDeadlineSeconds: 2147483647 },
      progressing('ReplicaSetUpdated'),
      undefined,
    ],
  ])('is %s', (_what, facts, last, expected) => {
    expect(deadlineIn(deploymentOf({ progressDeadlineSeconds: 600, ...facts }), last, now)).toBe(expected);
  });
});
