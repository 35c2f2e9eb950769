import type { ResourceDefinition } from '@kubernest/definitions';
import { describe, expect, it } from 'vitest';
import { builtinKinds } from './builtin.ts';

const kind = (name: string): ResourceDefinition => builtinKinds.find((each) => each.kind === name)!;
const now = new Date(0);
const meta = { name: 'n', generation: 1 };
const name =
  'this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended';

const cases: readonly [string, string, object, string, object | undefined, readonly string[]][] = [
  [
    'a range in an odd form',
    'Node',
    { spec: { podCIDRs: ['10.0.0.1/24'] } },
    '',
    undefined,
    [
      'spec.podCIDRs[0]: CIDR value "10.0.0.1/24" is ambiguous in this context (should be "10.0.0.0/24" or "10.0.0.1/32"?)',
    ],
  ],
  [
    'fields without a meaning',
    'Node',
    { spec: { externalID: 'x', configSource: {} } },
    '',
    { metadata: meta },
    [
      'spec.configSource: the feature is removed',
      'spec.externalID: this field is deprecated, and is unused by Kubernetes',
    ],
  ],
  ['nothing with its status', 'Node', { spec: { externalID: 'x' } }, 'status', { metadata: meta }, []],
  [
    'an odd address',
    'Endpoints',
    { subsets: [{ addresses: [{ ip: 'FD00::1' }] }] },
    '',
    undefined,
    ['subsets[0].addresses[0].ip: IPv6 address "FD00::1" should be in RFC 5952 canonical format ("fd00::1")'],
  ],
  [
    'nothing of what the controller wrote',
    'Endpoints',
    {
      metadata: { ...meta, labels: { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' } },
      subsets: [{ addresses: [{ ip: 'FD00::1' }] }],
    },
    '',
    undefined,
    [],
  ],
  [
    'names for addresses, when made',
    'EndpointSlice',
    { addressType: 'FQDN', endpoints: [{ addresses: ['a.b'] }] },
    '',
    undefined,
    ['spec.addressType: FQDN endpoints are deprecated'],
  ],
  ['no longer when changed', 'EndpointSlice', { addressType: 'FQDN' }, '', { metadata: meta }, []],
  [
    'an odd address',
    'EndpointSlice',
    { endpoints: [{ addresses: ['010.0.0.1'] }] },
    '',
    undefined,
    ['endpoints[0].addresses[0]: non-standard IP address "010.0.0.1" is invalid: use "10.0.0.1"'],
  ],
  [
    'an odd address in its status',
    'Pod',
    { status: { podIPs: [{ ip: 'FD00::1' }], hostIPs: [{ ip: '::ffff:1.2.3.4' }] } },
    'status',
    { metadata: meta },
    [
      'status.podIPs[0].ip: IPv6 address "FD00::1" should be in RFC 5952 canonical format ("fd00::1")',
      'status.hostIPs[0].ip: non-standard IP address "::ffff:1.2.3.4" is invalid: use "1.2.3.4"',
    ],
  ],
  ['nothing when changed', 'Pod', { spec: { terminationGracePeriodSeconds: -1 } }, '', { metadata: meta }, []],
  ...['Deployment', 'ReplicaSet'].map(
    (each) =>
      [
        'a name with dots',
        each,
        { metadata: { name: 'a.b' } },
        '',
        undefined,
        [`metadata.name: ${name}: [must not contain dots]`],
      ] as (typeof cases)[number],
  ),
];

describe('people are told', () => {
  it.each(cases)('%s of a %s', (_, of, object, subresource, old, warnings) => {
    expect(
      kind(of).warnings!({ metadata: meta, ...object }, { subresource, now, ...(old && { old: old as never }) }),
    ).toEqual(warnings);
  });

  it.each(builtinKinds.map((definition) => [definition.kind, definition] as const))(
    'nothing of the example of a %s, new or as it was',
    (_, { example, warnings, warningsAsSent }) => {
      expect(warningsAsSent?.(example) ?? []).toEqual([]);
      expect(warnings?.(example, { subresource: '', now }) ?? []).toEqual([]);
      expect(warnings?.(example, { subresource: '', now, old: example }) ?? []).toEqual([]);
    },
  );
});
