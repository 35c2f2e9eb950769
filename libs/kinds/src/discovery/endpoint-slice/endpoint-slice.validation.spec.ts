import { describe, expect, it } from 'vitest';
import { faultsOf, faultsOfChange } from '../../kind-faults.fixture.ts';

describe('endpoints', () => {
  const slice = (more: object) => faultsOf('EndpointSlice', { addressType: 'IPv4', ...more });
  const at = (...addresses: string[]) => ({ endpoints: addresses.map((address) => ({ addresses: [address] })) });

  it.each<[object, string[]]>([
    [{ subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 80 }] }] }, []],
    [{ subsets: [{}] }, ['subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`']],
    [
      { subsets: [{ addresses: [{ ip: '127.0.0.1' }] }] },
      [
        'subsets[0].addresses[0].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      ],
    ],
    [
      { subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ name: 'a', port: 1 }, { port: 70000 }] }] },
      [
        'subsets[0].ports[1].name: Required value',
        'subsets[0].ports[1].port: Invalid value: 70000: must be between 1 and 65535, inclusive',
      ],
    ],
  ])('%j: %j', (object, faults) => {
    expect(faultsOf('Endpoints', object)).toEqual(faults);
  });

  it('that were stored wrong may stay as they are', () => {
    const wrong = { subsets: [{}] };
    expect(faultsOfChange('Endpoints', wrong, wrong)).toEqual([]);
    expect(faultsOfChange('Endpoints', wrong, { subsets: [{}, {}] })).toHaveLength(2);
  });

  it.each<[object, string[]]>([
    [at('10.0.0.1'), []],
    [at('fd00::1'), ['endpoints[0].addresses: Invalid value: "fd00::1": must be an IPv4 address']],
    [at('010.0.0.1'), ['endpoints[0].addresses[0]: Invalid value: "010.0.0.1": must not have leading 0s']],
    [
      { addressType: 'IPv6', ...at('FD00::1') },
      ['endpoints[0].addresses[0]: Invalid value: "FD00::1": must be in canonical form ("fd00::1")'],
    ],
    [{ addressType: 'FQDN', ...at('web.example.test.') }, []],
    [
      { addressType: 'FQDN', ...at('web') },
      [
        'endpoints[0].addresses[0]: Invalid value: "web": should be a domain with at least two segments separated by dots',
      ],
    ],
    [{ addressType: 'Pigeon' }, ['addressType: Unsupported value: "Pigeon": supported values: "FQDN", "IPv4", "IPv6"']],
    [{ endpoints: [{ addresses: [] }] }, ['endpoints[0].addresses: Required value: must contain at least 1 address']],
    [
      { endpoints: new Array(1001).fill({ addresses: ['10.0.0.1'] }) },
      ['endpoints: Too many: 1001: must have at most 1000 items'],
    ],
    [{ ports: [{ port: 1 }, { port: 2 }] }, ['ports[1].name: Duplicate value: ""']],
    [
      { endpoints: [{ addresses: ['10.0.0.1'], hints: { forZones: [{ name: 'z' }, { name: 'z' }] } }] },
      ['endpoints[0].hints.forZones[1].name: Duplicate value: "z"'],
    ],
  ])('slices of %j: %j', (object, faults) => {
    expect(slice(object)).toEqual(faults);
  });

  it('keep their family', () => {
    expect(faultsOfChange('EndpointSlice', { addressType: 'IPv4' }, { addressType: 'IPv6' })).toEqual([
      'addressType: Invalid value: "IPv6": field is immutable',
    ]);
  });
});
