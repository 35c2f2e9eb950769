import type { KubeObject } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { podResource } from './pod.resource.ts';

function pod(spec: object, status: object = {}): KubeObject {
  return { metadata: { name: 'a' }, spec, status } as KubeObject;
}

it.each([
  ['on a node', { nodeName: 'n' }, {}, 30],
  ['with a time of its own', { nodeName: 'n', terminationGracePeriodSeconds: 5 }, {}, 5],
  ['with none', { nodeName: 'n', terminationGracePeriodSeconds: 0 }, {}, 0],
  ['with a negative time', { nodeName: 'n', terminationGracePeriodSeconds: -7 }, {}, 1],
  ['nowhere', { terminationGracePeriodSeconds: 5 }, {}, 0],
  ['already done', { nodeName: 'n' }, { phase: 'Succeeded' }, 0],
])('gives a pod %s its time to end', (_, spec, status, seconds) => {
  expect(podResource.gracePeriodSeconds!(pod(spec, status))).toBe(seconds);
});

it('takes no status from who creates a pod, and marks one that is gated', () => {
  const draft = pod({ containers: [{}] }, { phase: 'Running', podIP: '1.2.3.4' });
  podResource.prepareForCreate!(draft);
  expect(draft).toMatchObject({ status: { phase: 'Pending', qosClass: 'BestEffort' } });
  expect(draft).not.toHaveProperty('status.podIP');
  const gated = pod({ containers: [{}], schedulingGates: [{ name: 'g' }] });
  podResource.prepareForCreate!(gated);
  expect(gated).toMatchObject({ status: { conditions: [{ type: 'PodScheduled', reason: 'SchedulingGated' }] } });
});
