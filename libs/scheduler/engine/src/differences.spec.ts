import { describe, expect, it } from 'vitest';
import { companyDiffers, schedulingFactsDiffer, specDiffers } from './differences.ts';
import type { NodeObject, PodObject } from './plugin.ts';

const node = (status: object, more: object = {}) =>
  ({ metadata: { name: 'n', labels: { zone: 'a' } }, spec: { podCIDR: '10.0.0.0/24' }, status, ...more }) as NodeObject;
const pod = (spec: object, labels: object = { app: 'web' }) => ({ metadata: { name: 'p', labels }, spec }) as PodObject;
const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`x.io/r${i}`, `${i}`]));

describe('of a node scheduling looks at', () => {
  it.each<[boolean, string, NodeObject]>([
    [
      false,
      'no times of conditions',
      node({ allocatable: { cpu: '1' }, conditions: [{ lastHeartbeatTime: 'later' }] }),
    ],
    [true, 'its resources', node({ allocatable: { cpu: '2' } })],
    [true, 'its taints', node({ allocatable: { cpu: '1' } }, { spec: { taints: [] } })],
    [true, 'its labels', node({ allocatable: { cpu: '1' } }, { metadata: { name: 'n' } })],
  ])('%s: %s', (differs, _, changed) => {
    expect(schedulingFactsDiffer(changed, node({ allocatable: { cpu: '1' } }))).toBe(differs);
  });

  it('more than can be compared at once as if it had changed', () => {
    expect(schedulingFactsDiffer(node({ allocatable: many }), node({ allocatable: { ...many } }))).toBe(true);
  });
});

it.each<[boolean, boolean, PodObject]>([
  [false, false, pod({ nodeName: 'n', tolerations: [{ key: 'a' }] })],
  [true, false, pod({ nodeName: 'n', tolerations: [{ key: 'b' }] })],
  [true, true, pod({ nodeName: 'n', tolerations: [{ key: 'a' }] }, { app: 'db' })],
])('a pod whose spec (%s) or company (%s) differs', (spec, company, changed) => {
  const old = pod({ nodeName: 'n', tolerations: [{ key: 'a' }] });
  expect(specDiffers(changed, old)).toBe(spec);
  expect(companyDiffers(changed, old)).toBe(company);
});
