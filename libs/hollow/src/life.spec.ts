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
