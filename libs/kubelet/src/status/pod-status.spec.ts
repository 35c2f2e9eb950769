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

  it.each([
    ['that nobody told of', [{ type: 'b', status: 'True' }]],
    [
      'that is told to be shut',
      [
        { type: 'a', status: 'False' },
        { type: 'b', status: 'True' },
      ],
    ],
  ])('%s keeps the pod from being ready, not its containers', (_, conditions) => {
    expect(condition(gated(...conditions), 'ContainersReady')).toMatchObject({ status: 'True' });
    expect(condition(gated(...conditions), 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ReadinessGatesNotReady',
      message: 'the status of pod readiness gate "a" is not "True"',
    });
  });

  it('is met with all others', () => {
    const open = ['a', 'b'].map((type) => ({ type, status: 'True' }));
    expect(condition(gated(...open), 'Ready')).toMatchObject({ status: 'True' });
  });
});
