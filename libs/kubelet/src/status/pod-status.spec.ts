import { describe, expect, it } from 'vitest';
import type { Pod, PodCondition } from '../types.ts';
import { podStatus, type StatusFacts } from './pod-status.ts';

const before = new Date('2026-01-01T00:00:00Z');
const now = new Date('2026-01-01T00:01:00Z');
const running = { name: 'main', ready: true, started: true, containerID: 'x', state: { running: {} } };

function facts({ spec = {}, conditions = [] as object[], over = {} as Partial<StatusFacts> } = {}): StatusFacts {
  const pod = {
    metadata: { name: 'p', namespace: 'default', generation: 3 },
    spec: { containers: [{ name: 'main', image: 'i' }], ...spec },
    status: { conditions },
  } as unknown as Pod;
  const containers = [running] as unknown as StatusFacts['containers'];
  const at = { sandboxReady: true, podIPs: ['10.0.0.1'], hostIPs: ['192.0.2.1'], startTime: before, now };
  return { pod, containers, ...at, finished: false, verdict: undefined, ...over };
}

const conditionsOf = (about: StatusFacts): readonly PodCondition[] => podStatus(about).conditions ?? [];
const condition = (about: StatusFacts, type: string) => conditionsOf(about).find((each) => each.type === type);

describe('a condition of a pod', () => {
  const since = '2026-01-01T00:00:00Z';

  it('keeps its time while it stays as it was, and gets a new one when it turns', () => {
    const about = facts({
      conditions: [
        { type: 'Ready', status: 'True', lastTransitionTime: since },
        { type: 'ContainersReady', status: 'False', lastTransitionTime: since },
      ],
    });
    expect(condition(about, 'Ready')).toMatchObject({ status: 'True', lastTransitionTime: since });
    expect(condition(about, 'ContainersReady')).toMatchObject({
      status: 'True',
      lastTransitionTime: '2026-01-01T00:01:00Z',
      observedGeneration: 3,
    });
  });

  it('of somebody else stays, once, in its order, behind the own ones', () => {
    const foreign = ['example.com/b', 'example.com/a'].map((type) => ({ type, status: 'Unknown' }));
    const about = facts({ conditions: [foreign[0]!, { type: 'Ready', status: 'True' }, foreign[1]!] });
    expect(conditionsOf(about).map(({ type }) => type)).toEqual([
      'PodReadyToStartContainers',
      'Initialized',
      'Ready',
      'ContainersReady',
      'PodScheduled',
      'example.com/b',
      'example.com/a',
    ]);
    expect(conditionsOf(about).slice(-2)).toEqual(foreign);
  });
});

describe('a readiness gate', () => {
  const gated = (...conditions: object[]) =>
    facts({ spec: { readinessGates: [{ conditionType: 'a' }, { conditionType: 'b' }] }, conditions });

  const absent = 'corresponding condition of pod readiness gate "a" does not exist.';
  const closed = 'the status of pod readiness gate "a" is not "True", but False';

  it.each([
    ['that nobody told of', absent, []],
    ['that is told to be shut', closed, [{ type: 'a', status: 'False' }]],
  ])('%s keeps the pod from being ready, not its containers', (_, message, told) => {
    const conditions = [...told, { type: 'b', status: 'True' }];
    expect(condition(gated(...conditions), 'ContainersReady')).toMatchObject({ status: 'True' });
    expect(condition(gated(...conditions), 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ReadinessGatesNotReady',
      message,
    });
  });

  it('is met with all others', () => {
    const open = ['a', 'b'].map((type) => ({ type, status: 'True' }));
    expect(condition(gated(...open), 'Ready')).toMatchObject({ status: 'True' });
  });
});

describe('a pod that its node ends', () => {
  const deadline = { reason: 'DeadlineExceeded', message: 'too long' };
  const eviction = { reason: 'Evicted', message: 'too much', eviction: { graceSeconds: 1 } };
  const ended = { ...running, ready: false, state: { terminated: { exitCode: 0 } } };
  const told = (about: StatusFacts): readonly unknown[] => {
    const { phase, reason, message } = podStatus(about);
    const [isReady, disrupted] = [condition(about, 'Ready'), condition(about, 'DisruptionTarget')];
    return [phase, reason, message, isReady?.status, isReady?.reason, disrupted?.reason];
  };
  const over = (verdict: StatusFacts['verdict'], finished: boolean): Partial<StatusFacts> => ({
    ...{ verdict, finished },
    containers: [finished ? ended : running] as unknown as StatusFacts['containers'],
  });

  // compat: it says why when it has ended, not before; whether it is ready turns sooner where it is over than where it is sent away.
  it.each([
    [deadline, false, ['Running', undefined, undefined, 'False', 'PodFailed', undefined]],
    [deadline, true, ['Failed', 'DeadlineExceeded', 'too long', 'False', 'PodFailed', undefined]],
    [eviction, false, ['Running', undefined, undefined, 'True', undefined, undefined]],
    [eviction, true, ['Failed', 'Evicted', 'too much', 'False', 'PodFailed', 'TerminationByKubelet']],
  ])('for %o (all has ended: %s) says %j', (verdict, finished, says) => {
    const about = facts({ over: over(verdict, finished) });
    Object.assign(about.pod.status!, { phase: 'Running' });
    expect(told(about)).toEqual(says);
  });
});
