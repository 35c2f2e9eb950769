import { describe, expect, it } from 'vitest';
import { faultsOf, faultsOfChange } from '../../kind-faults.fixture.ts';

describe('nodes', () => {
  const taint = { key: 'a', effect: 'NoSchedule' };
  it.each<[object, string[]]>([
    [{ spec: { taints: [{ key: 'a', effect: '' }] } }, ['metadata.taints[0].effect: Required value']],
    [
      { spec: { taints: [{ key: 'a', effect: 'Never' }] } },
      [
        'metadata.taints[0].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
      ],
    ],
    [
      { spec: { taints: [taint, taint] } },
      [
        'metadata.taints[1]: Duplicate value: {"key":"a","effect":"NoSchedule"}: taints must be unique by key and effect pair',
      ],
    ],
    [
      { status: { capacity: { 'example.com/gpu': '1500m' }, allocatable: { 'example.com/gpu': '1' } } },
      ['status.capacity.example.com/gpu: Invalid value: "1500m": must be an integer'],
    ],
    [
      { spec: { podCIDR: '10.0.0.0/33' } },
      [
        'spec.podCIDRs[0]: Invalid value: "10.0.0.0/33": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      ],
    ],
    [
      { spec: { podCIDRs: ['10.0.0.0/24', '10.0.1.0/24'] } },
      [
        'spec.podCIDRs: Invalid value: ["10.0.0.0/24","10.0.1.0/24"]: may specify no more than one CIDR for each IP family',
      ],
    ],
  ])('%j: %j', (node, faults) => {
    expect(faultsOf('Node', node)).toEqual(faults);
  });

  it('keep what they were given', () => {
    const before = { spec: { podCIDR: '10.0.0.0/24', providerID: 'x' } };
    expect(faultsOfChange('Node', { spec: {} }, before)).toEqual([]);
    expect(faultsOfChange('Node', before, { spec: { podCIDR: '10.0.1.0/24', providerID: 'y' } })).toEqual([
      'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
      'spec.providerID: Forbidden: node updates may not change providerID except from "" to valid',
    ]);
  });
});
