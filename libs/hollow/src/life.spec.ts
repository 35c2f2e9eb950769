import { describe, expect, it } from 'vitest';
import { nextStep, type PodObject } from './life.ts';

const facts = { hostIP: '245.0.0.1', podIP: '246.0.0.1', now: '2026-01-01T00:00:00Z' };
const pod = (over: {
  deletionTimestamp?: string;
  phase?: string;
  restartPolicy?: string;
  hostNetwork?: boolean;
  ready?: string;
}): PodObject =>
  ({
    metadata: { name: 'p', uid: 'u', deletionTimestamp: over.deletionTimestamp },
    spec: {
      restartPolicy: over.restartPolicy ?? 'Always',
      hostNetwork: over.hostNetwork,
      containers: [{ name: 'c', image: 'i' }],
    },
    status: {
      phase: over.phase ?? 'Pending',
      conditions: [
        { type: 'PodScheduled', status: 'True', lastTransitionTime: 'before' },
        ...(over.ready ? [{ type: 'Ready', status: over.ready }] : []),
      ],
    },
  }) as unknown as PodObject;

describe('a simulated pod', () => {
  it.each([
    ['is removed when it is marked', pod({ deletionTimestamp: 'now', phase: 'Running' }), 'remove'],
    ['is left alone while it runs', pod({ phase: 'Running', ready: 'True' }), 'nothing'],
    ['is ready again when it was called unready', pod({ phase: 'Running', ready: 'False' }), 'report'],
    ['is left alone when it has ended', pod({ phase: 'Succeeded', restartPolicy: 'Never' }), 'nothing'],
    ['comes up when it is bound', pod({}), 'report'],
    ['ends when it is to run once', pod({ phase: 'Running', restartPolicy: 'Never' }), 'report'],
  ])('%s', (_what, object, expected) => {
    expect(nextStep(object, facts).do).toBe(expected);
  });

  it('is ready with an address of its own, and keeps when it was scheduled', () => {
    const step = nextStep(pod({}), facts);
    expect(step).toMatchObject({ status: { phase: 'Running', podIP: '246.0.0.1', hostIP: '245.0.0.1' } });
    const conditions = step.do === 'report' ? step.status.conditions : [];
    expect(conditions?.find((c) => c.type === 'Ready')?.status).toBe('True');
    expect(conditions?.find((c) => c.type === 'PodScheduled')?.lastTransitionTime).toBe('before');
  });

  it("has its node's address on the host network", () => {
    expect(nextStep(pod({ hostNetwork: true }), facts)).toMatchObject({ status: { podIP: '245.0.0.1' } });
  });

  it('has succeeded containers at its end', () => {
    expect(nextStep(pod({ phase: 'Running', restartPolicy: 'Never' }), facts)).toMatchObject({
      status: { phase: 'Succeeded', containerStatuses: [{ state: { terminated: { exitCode: 0 } } }] },
    });
  });
});

describe('a simulated pod with readiness gates', () => {
  const gate = (status?: string) => {
    const plain = pod({ phase: 'Running' });
    const conditions = [
      ...(plain.status?.conditions ?? []),
      ...(status ? [{ type: 'example.test/open', status, lastTransitionTime: 'theirs' }] : []),
      { type: 'example.test/other', status: 'False', lastTransitionTime: 'theirs' },
    ];
    return {
      ...plain,
      spec: { ...plain.spec, readinessGates: [{ conditionType: 'example.test/open' }] },
      status: { ...plain.status, conditions },
    } as PodObject;
  };
  const name = '"example.test/open"';
  const ready = (status: string, message?: string) => ({
    type: 'Ready',
    status,
    ...(message && { reason: 'ReadinessGatesNotReady', message }),
    lastTransitionTime: facts.now,
  });
  const missing = `corresponding condition of pod readiness gate ${name} does not exist.`;
  const shut = `the status of pod readiness gate ${name} is not "True", but False`;

  it.each([
    ['that nobody has opened', undefined, ready('False', missing)],
    ['that is shut', 'False', ready('False', shut)],
    ['that is open', 'True', ready('True')],
  ])('is ready as they are: one %s', (_, status, expected) => {
    const step = nextStep(gate(status), facts);
    const conditions = step.do === 'report' ? (step.status.conditions ?? []) : [];
    expect(conditions.find(({ type }) => type === 'Ready')).toEqual(expected);
    expect(conditions.find(({ type }) => type === 'ContainersReady')?.status).toBe('True');
    const theirs = conditions.filter(({ lastTransitionTime }) => lastTransitionTime === 'theirs');
    expect(theirs.map(({ type }) => type)).toEqual(
      status ? ['example.test/open', 'example.test/other'] : ['example.test/other'],
    );
    const next = { ...gate(status), status: { phase: 'Running', conditions } } as unknown as PodObject;
    expect(nextStep(next, facts)).toEqual({ do: 'nothing' });
  });
});

describe('a simulated pod that may be active for a minute', () => {
  const active = (startTime: string, restartPolicy = 'Always') => {
    const plain = pod({ phase: 'Running', ready: 'True', restartPolicy });
    return {
      ...plain,
      spec: { ...plain.spec, activeDeadlineSeconds: 60 },
      status: { ...plain.status, startTime },
    } as PodObject;
  };

  it('is looked at again then', () => {
    expect(nextStep(active('2025-12-31T23:59:30Z'), facts)).toEqual({
      do: 'nothing',
      until: new Date('2026-01-01T00:00:30Z'),
    });
  });

  it('fails then', () => {
    expect(nextStep(active('2025-12-31T23:59:00Z'), facts)).toMatchObject({
      status: {
        phase: 'Failed',
        reason: 'DeadlineExceeded',
        message: 'Pod was active on the node longer than the specified deadline',
        containerStatuses: [{ ready: false, state: { terminated: { exitCode: 137, reason: 'Error' } } }],
      },
    });
  });
});
