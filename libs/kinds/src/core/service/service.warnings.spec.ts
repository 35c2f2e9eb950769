import { describe, expect, it } from 'vitest';
import type { Service } from '../../types.ts';
import { warnOfService } from './service.warnings.ts';

const service = (spec: object, annotations?: object): Service =>
  ({ metadata: { name: 's', annotations }, spec: { type: 'ClusterIP', sessionAffinity: 'None', ...spec } }) as Service;
const deprecatedExternal = 'spec.externalIPs is deprecated and may no longer be implemented in some clusters';

const cases: readonly [string, Service, readonly string[]][] = [
  ['nothing where all is well', service({ clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1', 'fd00::1'] }), []],
  [
    'an annotation with another name today',
    service({}, { 'service.kubernetes.io/topology-aware-hints': 'auto' }),
    [
      'annotation service.kubernetes.io/topology-aware-hints is deprecated, please use service.kubernetes.io/topology-mode instead',
    ],
  ],
  [
    'what a headless one does not use',
    service({ clusterIP: 'None', loadBalancerIP: '1.1.1.1', externalIPs: ['2.2.2.2'], sessionAffinity: 'ClientIP' }),
    ['loadBalancerIP', 'externalIPs', 'SessionAffinity'].map((each) => `spec.${each} is ignored for headless services`),
  ],
  ['external addresses', service({ externalIPs: ['2.2.2.2'] }), [deprecatedExternal]],
  [
    'what a name outside does not use, and a name where there is none',
    service({ type: 'ExternalName', externalName: 'a.b', externalIPs: ['2.2.2.2'] }),
    ['spec.externalIPs is ignored when spec.type is "ExternalName"'],
  ],
  [
    'a name that is not used',
    service({ externalName: 'a.b' }),
    ['spec.externalName is ignored when spec.type is not "ExternalName"'],
  ],
  [
    'a distribution with another name today',
    service({ trafficDistribution: 'PreferClose' }),
    ['spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'],
  ],
  [
    'addresses and ranges in odd forms',
    service({
      clusterIP: 'fd00:0::1',
      clusterIPs: ['fd00:0::1'],
      loadBalancerIP: '010.1.1.1',
      loadBalancerSourceRanges: ['10.0.0.1/8', 'FD00::/8', '10.0.0.0/08', '::ffff:1.2.3.4/120'],
    }),
    [
      'spec.clusterIPs[0]: IPv6 address "fd00:0::1" should be in RFC 5952 canonical format ("fd00::1")',
      'spec.loadBalancerIP: non-standard IP address "010.1.1.1" is invalid: use "10.1.1.1"',
      'spec.loadBalancerSourceRanges[0]: CIDR value "10.0.0.1/8" is ambiguous in this context (should be "10.0.0.0/8" or "10.0.0.1/32"?)',
      'spec.loadBalancerSourceRanges[1]: IPv6 CIDR value "FD00::/8" should be in RFC 5952 canonical format ("fd00::/8")',
      'spec.loadBalancerSourceRanges[2]: non-standard CIDR value "10.0.0.0/08" is invalid: use "10.0.0.0/8"',
      'spec.loadBalancerSourceRanges[3]: CIDR value "::ffff:1.2.3.4/120" is ambiguous in this context (should be "1.2.3.0/24" or "1.2.3.4/128"?)',
      'spec.loadBalancerSourceRanges[3]: non-standard CIDR value "::ffff:1.2.3.4/120" is invalid: use "1.2.3.0/24"',
    ],
  ],
];

describe('people are told of a Service', () => {
  it.each(cases)('%s', (_, service, warnings) => {
    expect(warnOfService(service, { subresource: '', now: new Date(0) })).toEqual(warnings);
  });

  it('an odd address in its status, where that is written', () => {
    const odd = {
      ...service({ externalIPs: ['2.2.2.2'] }),
      status: { loadBalancer: { ingress: [{ ip: 'FD00::1' }] } },
    };
    expect(warnOfService(odd, { subresource: 'status', now: new Date(0) })).toEqual([
      'status.loadBalancer.ingress[0]: IPv6 address "FD00::1" should be in RFC 5952 canonical format ("fd00::1")',
    ]);
  });
});
