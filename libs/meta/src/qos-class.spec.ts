import { expect, it } from 'vitest';
import { qosClass } from './qos-class.ts';

const resources = (requests?: Record<string, string>, limits?: Record<string, string>) => ({
  resources: { requests, limits },
});
const full = { cpu: '1', memory: '1Gi' };

it.each([
  ['BestEffort', [{}]],
  ['BestEffort', [resources({ cpu: '0', memory: '0Mi' })]],
  ['BestEffort', [resources({ 'example.test/gpu': '1' })]],
  ['Burstable', [resources({ cpu: '100m' })]],
  ['Burstable', [resources(full, full), {}]],
  ['Burstable', [resources({ cpu: '500m', memory: '1Gi' }, full)]],
  ['Burstable', [resources({ cpu: '0.0001', memory: '1Gi' }, { cpu: '0.0002', memory: '1Gi' })]],
  ['Guaranteed', [resources(full, full)]],
  ['Guaranteed', [resources(undefined, full)]],
  ['Guaranteed', [resources({ cpu: '1000m', memory: '1024Mi' }, full)]],
])('classes as %s what containers ask for: %j', (expected, containers) => {
  expect(qosClass({ containers })).toBe(expected);
});

it('counts init containers, and lets the resources of the whole decide alone', () => {
  expect(qosClass({ containers: [resources(full, full)], initContainers: [{}] })).toBe('Burstable');
  expect(qosClass({ containers: [{}], resources: { limits: full } })).toBe('Guaranteed');
  expect(qosClass(undefined)).toBe('BestEffort');
});
