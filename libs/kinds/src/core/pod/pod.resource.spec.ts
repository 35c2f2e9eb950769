import type { KubeObject } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { podResource } from './pod.resource.ts';
import { qosClass } from './qos.ts';

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

const resources = (requests?: object, limits?: object) => ({ resources: { requests, limits } });
const full = { cpu: '1', memory: '1Gi' };

it.each([
  ['BestEffort', [{}]],
  ['BestEffort', [resources({ cpu: '0', memory: '0Mi' })]],
  ['BestEffort', [resources({ 'example.test/gpu': '1' })]],
  ['Burstable', [resources({ cpu: '100m' })]],
  ['Burstable', [resources(full, full), {}]],
  ['Burstable', [resources({ cpu: '500m', memory: '1Gi' }, full)]],
  ['Guaranteed', [resources(full, full)]],
  ['Guaranteed', [resources(undefined, full)]],
])('classes a pod as %s by what its containers ask for: %j', (expected, containers) => {
  expect(qosClass(pod({ containers }) as never)).toBe(expected);
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
