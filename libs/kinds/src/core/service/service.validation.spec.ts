import { fieldErrorBody, type KubeObject } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import type { Service } from '../../types.ts';
import { serviceResource } from './service.resource.ts';

type Loose = Record<string, unknown>;
const now = new Date(0);
const service = (spec: Loose) =>
  ({ metadata: { name: 'web' }, spec: structuredClone({ ports: [{ port: 80 }], ...spec }) }) as KubeObject;

function faults(spec: Loose): string[] {
  const draft = service(spec);
  serviceResource.defaults!(draft);
  return serviceResource.validate!(draft, { subresource: '', now }).map(
    (fault) => `${fault.field}: ${fieldErrorBody(fault)}`,
  );
}

const given = { clusterIP: '10.0.0.1' };
const two = { clusterIPs: ['10.0.0.1', 'fd00::1'], clusterIP: '10.0.0.1', ipFamilies: ['IPv4', 'IPv6'] };

it.each<[Loose, string[]]>([
  [{}, []],
  [{ type: 'NodePort', externalTrafficPolicy: 'Local', sessionAffinity: 'ClientIP' }, []],
  [{ type: 'LoadBalancer', loadBalancerSourceRanges: [' 10.0.0.0/8 '], loadBalancerClass: 'a.test/b' }, []],
  [{ type: 'ExternalName', externalName: 'db.example.test.', ports: [] }, []],
  [{ clusterIP: 'None', ports: [] }, []],
  [{ ...two, ipFamilyPolicy: 'RequireDualStack' }, []],
  [{ ports: [] }, ['spec.ports: Required value']],
  [
    { type: 'Magic' },
    [
      'spec.type: Unsupported value: "Magic": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
    ],
  ],
  [{ type: 'ExternalName' }, ['spec.externalName: Required value']],
  [
    { type: 'ExternalName', externalName: 'a', ...given },
    ['spec.clusterIPs: Forbidden: may not be set for ExternalName services'],
  ],
  [
    { type: 'NodePort', clusterIP: 'None' },
    ['spec.clusterIPs[0]: Invalid value: "None": may not be set to \'None\' for NodePort services'],
  ],
  [{ ports: [{ port: 80 }, { port: 81, name: 'b' }] }, ['spec.ports[0].name: Required value']],
  [
    {
      ports: [
        { port: 80, name: 'a' },
        { port: 81, name: 'a' },
      ],
    },
    ['spec.ports[1].name: Duplicate value: "a"'],
  ],
  [
    {
      ports: [
        { port: 80, name: 'a' },
        { port: 80, name: 'b' },
      ],
    },
    [
      'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
    ],
  ],
  [
    { ports: [{ port: 80, protocol: 'ICMP' }] },
    ['spec.ports[0].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"'],
  ],
  [
    { ports: [{ port: 80, targetPort: 'no_name' }] },
    [
      'spec.ports[0].targetPort: Invalid value: "no_name": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
    ],
  ],
  [
    { ports: [{ port: 80, nodePort: 30000 }] },
    ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
  ],
  [
    {
      type: 'NodePort',
      ports: [
        { port: 80, name: 'a', nodePort: 30000 },
        { port: 81, name: 'b', nodePort: 30000 },
      ],
    },
    ['spec.ports[1].nodePort: Duplicate value: 30000'],
  ],
  [
    { sessionAffinity: 'Cookie' },
    ['spec.sessionAffinity: Unsupported value: "Cookie": supported values: "ClientIP", "None"'],
  ],
  [
    { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 86_401 } } },
    [
      'spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be greater than 0 and less than 86400',
    ],
  ],
  [
    { clusterIP: '10.0.0' },
    ['spec.clusterIPs[0]: Invalid value: "10.0.0": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'],
  ],
  [
    { ...given, clusterIPs: ['10.0.0.2'] },
    ['spec.clusterIPs: Invalid value: ["10.0.0.2"]: first value must match `clusterIP`'],
  ],
  [
    { ...given, clusterIPs: ['10.0.0.1', '10.0.0.2'] },
    ['spec.clusterIPs: Invalid value: ["10.0.0.1","10.0.0.2"]: may specify no more than one IP for each IP family'],
  ],
  [
    { clusterIP: 'fd00::1', ipFamilies: ['IPv4'] },
    ['spec.clusterIPs[0]: Invalid value: "fd00::1": expected an IPv4 value as indicated by `ipFamilies[0]`'],
  ],
  [{ ipFamilies: ['IPv5'] }, ['spec.ipFamilies[0]: Unsupported value: "IPv5": supported values: "IPv4", "IPv6"']],
  [
    { ipFamilyPolicy: 'Both' },
    [
      'spec.ipFamilyPolicy: Unsupported value: "Both": supported values: "PreferDualStack", "RequireDualStack", "SingleStack"',
    ],
  ],
  [
    { externalIPs: ['127.0.0.1'] },
    ['spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)'],
  ],
  [
    { externalTrafficPolicy: 'Local' },
    ['spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services'],
  ],
  [
    { internalTrafficPolicy: 'Near' },
    ['spec.internalTrafficPolicy: Unsupported value: "Near": supported values: "Cluster", "Local"'],
  ],
  [{ loadBalancerClass: 'a' }, ["spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'"]],
  [
    { loadBalancerSourceRanges: ['10.0.0.0/8'] },
    ["spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'"],
  ],
  [
    { trafficDistribution: 'Far' },
    [
      'spec.trafficDistribution: Unsupported value: "Far": supported values: "PreferClose", "PreferSameZone", "PreferSameNode"',
    ],
  ],
])('a service with %j: %j', (spec, expected) => {
  expect(faults(spec)).toEqual(expected);
});

describe('a change of a service', () => {
  function change(before: Loose, after: Loose): { readonly faults: string[]; readonly spec: Service['spec'] } {
    const old = service(before);
    serviceResource.defaults!(old);
    const draft = service(after);
    serviceResource.prepareForUpdate!(draft, old);
    serviceResource.defaults!(draft);
    const context = { subresource: '', now, old };
    const found = [
      ...serviceResource.validate!(draft, context),
      ...serviceResource.validateUpdate!(draft, old, context),
    ];
    return { faults: found.map((fault) => `${fault.field}: ${fieldErrorBody(fault)}`), spec: (draft as Service).spec };
  }

  it.each<[string, Loose, Loose, string[]]>([
    [
      'its address',
      given,
      { clusterIP: '10.0.0.2' },
      ['spec.clusterIPs[0]: Invalid value: ["10.0.0.2"]: may not change once set'],
    ],
    [
      'its family',
      { ...given, ipFamilies: ['IPv4'] },
      { ...given, ipFamilies: ['IPv6'] },
      [
        'spec.clusterIPs[0]: Invalid value: "10.0.0.1": expected an IPv6 value as indicated by `ipFamilies[0]`',
        'spec.ipFamilies[0]: Invalid value: ["IPv6"]: may not change once set',
      ],
    ],
    [
      'the second address',
      { ...two, ipFamilyPolicy: 'RequireDualStack' },
      { ...given, ipFamilies: ['IPv4'], clusterIPs: ['10.0.0.1'], ipFamilyPolicy: 'PreferDualStack' },
      [
        'spec.ipFamilyPolicy: Invalid value: "PreferDualStack": must be set to \'SingleStack\' when releasing the secondary clusterIP',
        'spec.ipFamilyPolicy: Invalid value: "PreferDualStack": must be set to \'SingleStack\' when releasing the secondary ipFamily',
      ],
    ],
    [
      'its class',
      { type: 'LoadBalancer', loadBalancerClass: 'a' },
      { type: 'LoadBalancer', loadBalancerClass: 'b' },
      ['spec.loadBalancerClass: Invalid value: "b": may not change once set'],
    ],
    ['its ports', given, { ...given, ports: [{ port: 81 }] }, []],
  ])('of %s', (_, before, after, expected) => {
    expect(change(before, after).faults).toEqual(expected);
  });

  it('lets go with a type what belongs to it', () => {
    const ports = [{ port: 80, nodePort: 30000 }];
    const outside = { ...given, type: 'LoadBalancer', externalTrafficPolicy: 'Cluster', loadBalancerClass: 'a', ports };
    const { faults, spec } = change(outside, { ...outside, allocateLoadBalancerNodePorts: true, type: 'ClusterIP' });
    expect(faults).toEqual([]);
    expect(spec).not.toHaveProperty('loadBalancerClass');
    expect(spec).not.toHaveProperty('externalTrafficPolicy');
    expect(spec?.ports).toEqual([{ port: 80, protocol: 'TCP', targetPort: 80 }]);
    const named = change(given, {
      ...given,
      type: 'ExternalName',
      externalName: 'a.test',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
    });
    expect(named.faults).toEqual([]);
    expect(named.spec).toMatchObject({ type: 'ExternalName' });
    expect(named.spec).not.toHaveProperty('clusterIPs');
  });
});
