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

it('puts its own labels into selectors that ask for their like', () => {
  const affinity = {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: 'z', labelSelector: {}, matchLabelKeys: ['app', 'absent'], mismatchLabelKeys: ['tenant'] },
      ],
    },
  };
  const draft = { metadata: { name: 'a', labels: { app: 'web', tenant: 't' } }, spec: { containers: [{}], affinity } };
  podResource.prepareForCreate!(draft as KubeObject);
  expect(affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]!.labelSelector).toEqual({
    matchExpressions: [
      { key: 'app', operator: 'In', values: ['web'] },
      { key: 'tenant', operator: 'NotIn', values: ['t'] },
    ],
  });
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

it.each([
  'spec.nodeName',
  'spec.host',
  'spec.restartPolicy',
  'spec.schedulerName',
  'spec.serviceAccountName',
  'spec.hostNetwork',
  'status.phase',
  'status.podIP',
  'status.podIPs',
  'status.nominatedNodeName',
])('pods can be asked for by %s', (field) => {
  expect(podResource.selectableFields?.[field]?.(podResource.example)).toEqual(expect.any(String));
});
