import type { Service, ServiceSpec } from '@kubernest/api-types/core/v1';
import type { Endpoint, EndpointSlice } from '@kubernest/api-types/discovery/v1';
import { mustBeSound } from '@kubernest/proxy/contract';
import { describe, expect, it } from 'vitest';
import { planRules } from './plan-rules.ts';

const service = (spec: Partial<ServiceSpec>): Service => ({
  metadata: { name: 'web', namespace: 'default' },
  spec: { clusterIP: '10.96.0.5', ports: [{ port: 80, protocol: 'TCP' }], ...spec },
});
const slice = (endpoints: Endpoint[], addressType = 'IPv4'): EndpointSlice => ({
  metadata: { name: 'web-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
  addressType,
  ports: [{ name: '', port: 8080, protocol: 'TCP' }],
  endpoints,
});
const at = (ip: string, conditions: Endpoint['conditions'] = { ready: true }, nodeName = 'n1'): Endpoint => ({
  addresses: [ip],
  conditions,
  nodeName,
});
const plan = (s: Service, ...slices: EndpointSlice[]) =>
  planRules({
    services: [s],
    slices,
    nodeName: 'n1',
    nodeAddresses: [],
    clusterCidr: '10.244.0.0/16',
    serviceCidr: '10.96.0.0/16',
  }).ports;

describe('planRules', () => {
  it('sends a port to its ready endpoints, in a stable order', () => {
    const [port] = plan(
      service({}),
      slice([at('10.244.0.3'), at('10.244.0.2')]),
      slice([at('10.244.0.9', { ready: false })]),
    );
    expect(port?.clusterEndpoints.map((e) => e.ip)).toEqual(['10.244.0.2', '10.244.0.3']);
    expect(port).toMatchObject({ id: 'default/web', port: 80, clusterIP: '10.96.0.5' });
  });

  it('falls back to endpoints that serve while they terminate', () => {
    const leaving = { ready: false, serving: true, terminating: true };
    expect(plan(service({}), slice([at('10.244.0.2', leaving)]))[0]?.clusterEndpoints).toHaveLength(1);
    expect(
      plan(service({}), slice([at('10.244.0.2', leaving), at('10.244.0.3')]))[0]?.clusterEndpoints.map((e) => e.ip),
    ).toEqual(['10.244.0.3']);
  });

  it('keeps local traffic local where the Service says so', () => {
    const slices = slice([at('10.244.0.2'), at('10.244.1.2', { ready: true }, 'n2')]);
    const [port] = plan(service({ externalTrafficPolicy: 'Local', type: 'NodePort' }), slices);
    expect(port?.externalEndpoints.map((e) => e.ip)).toEqual(['10.244.0.2']);
    expect(port?.clusterEndpoints).toHaveLength(2);
    expect(plan(service({ internalTrafficPolicy: 'Local' }), slices)[0]?.clusterEndpoints.map((e) => e.ip)).toEqual([
      '10.244.0.2',
    ]);
  });

  it('lets local endpoints drain where only those may be used', () => {
    const leaving = { ready: false, serving: true, terminating: true };
    const slices = slice([at('10.244.0.2', leaving), at('10.244.1.2', { ready: true }, 'n2')]);
    const [port] = plan(service({ externalTrafficPolicy: 'Local', type: 'NodePort' }), slices);
    expect(port?.externalEndpoints.map((e) => e.ip)).toEqual(['10.244.0.2']);
    expect(port?.clusterEndpoints.map((e) => e.ip)).toEqual(['10.244.1.2']);
  });

  it.each([
    ['nobody', [], false],
    ['others only', [at('10.244.1.2', { ready: true }, 'n2')], true],
  ])('knows whether another node would answer: %s', (_, endpoints, answeredElsewhere) => {
    const [port] = plan(service({ internalTrafficPolicy: 'Local' }), slice(endpoints));
    expect(port).toMatchObject({ clusterEndpoints: [], answeredElsewhere });
  });

  it('leaves alone the addresses that their load balancer takes care of', () => {
    const ingress = [
      { ip: '203.0.113.1', ipMode: 'Proxy' },
      { ip: '203.0.113.2', ipMode: 'VIP' },
      { ip: '203.0.113.3' },
    ];
    const lb = { ...service({ type: 'LoadBalancer' }), status: { loadBalancer: { ingress } } };
    expect(plan(lb)[0]?.loadBalancerIPs).toEqual(['203.0.113.2', '203.0.113.3']);
  });

  it.each([
    ['a headless Service', { clusterIP: 'None' }],
    ['an external name', { type: 'ExternalName', clusterIP: '' }],
    ['a Service without address yet', { clusterIP: '' }],
  ])('has no rules for %s', (_what, spec) => {
    expect(plan(service(spec), slice([at('10.244.0.2')]))).toEqual([]);
  });

  it.each(['headless', 'service-proxy-name'])('leaves alone what is labelled %s, a slice as well', (name) => {
    const labels = { [`service.kubernetes.io/${name}`]: '' };
    const labelled = <T extends Service | EndpointSlice>(object: T): T => ({
      ...object,
      metadata: { ...object.metadata, labels: { ...object.metadata?.labels, ...labels } },
    });
    const slices = [labelled(slice([at('10.244.0.2')])), slice([at('10.244.0.3')])];
    expect(plan(labelled(service({})), ...slices)).toEqual([]);
    expect(plan(service({}), ...slices)[0]?.clusterEndpoints.map((e) => e.ip)).toEqual(['10.244.0.3']);
  });

  it('takes the affinity time, three hours unless said', () => {
    expect(plan(service({ sessionAffinity: 'ClientIP' }))[0]?.affinitySeconds).toBe(10800);
    expect(plan(service({}))[0]?.affinitySeconds).toBeUndefined();
  });

  it('reads the ports of a slice once, however many its Service has', () => {
    let reads = 0;
    const names = Array.from({ length: 1000 }, (_, i) => `p${i}`);
    const counted = names.map((name, i) => ({
      get name() {
        reads++;
        return name;
      },
      port: 8000 + i,
    }));
    const many = service({ ports: names.map((name, i) => ({ name, port: i + 1 })) });
    const rules = plan(many, { ...slice([at('10.244.0.2')]), ports: counted });
    expect(rules.find(({ port }) => port === 8)?.clusterEndpoints.map((e) => e.port)).toEqual([8007]);
    expect(reads).toBeLessThan(3 * names.length);
  });

  it('leaves other address families alone', () => {
    expect(plan(service({}), slice([at('fd00::2')], 'IPv6'))[0]?.clusterEndpoints).toEqual([]);
  });

  it('keeps of each list what is IPv4, in one form, and leaves out the rest', () => {
    const rule = '203.0.113.77/32 -j ACCEPT\n-A KN-REJECT -j ACCEPT';
    const spec = {
      type: 'LoadBalancer',
      externalIPs: ['2001:db8::1', '198.51.100.1', '010.0.0.1', rule, 'localhost', ''],
      loadBalancerSourceRanges: [
        '2001:db8::/32',
        ' 203.0.113.0/24\n',
        '10.0.0.1/8',
        '203.0.113.0/24',
        `10.0.0.0/8 ${rule}`,
      ],
    };
    const ingress = [{ ip: rule }, { ip: '2001:db8::2' }, { ip: '203.0.113.2', ipMode: 'VIP' }, { hostname: 'a.test' }];
    const [port] = plan({ ...service(spec), status: { loadBalancer: { ingress } } });
    expect(port).toMatchObject({
      externalIPs: ['198.51.100.1', '10.0.0.1'],
      loadBalancerSourceRanges: ['203.0.113.0/24', '10.0.0.0/8'],
      loadBalancerIPs: ['203.0.113.2'],
    });
  });

  it('takes the IPv4 address of a Service with two', () => {
    expect(plan(service({ clusterIP: 'fd00::5', clusterIPs: ['fd00::5', '10.96.0.5'] }))[0]?.clusterIP).toBe(
      '10.96.0.5',
    );
    expect(plan(service({ clusterIP: 'fd00::5', clusterIPs: ['fd00::5'] }))).toEqual([]);
  });

  it.each<[string, Partial<ServiceSpec>, EndpointSlice]>([
    ['an endpoint', {}, slice([at('10.244.0.2 -j ACCEPT'), at('10.244.0.3')])],
    [
      'a port of a slice',
      {},
      {
        ...slice([at('10.244.0.3')]),
        ports: [
          { name: '', port: 8080 },
          { name: 'x', port: 0 },
        ],
      },
    ],
    [
      'a time',
      { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: -1 } } },
      slice([at('10.244.0.3')]),
    ],
    ['a node port', { type: 'NodePort', ports: [{ port: 80, nodePort: 70_000 }] }, slice([at('10.244.0.3')])],
  ])('makes only sound rules, whatever %s says', (_, spec, said) => {
    const [port] = plan(service(spec), said);
    expect(port?.clusterEndpoints).toEqual([{ ip: '10.244.0.3', port: 8080, local: true }]);
    const ports = [port!];
    expect(() =>
      mustBeSound({ ports, nodeAddresses: [], clusterCidr: undefined, serviceCidr: undefined }),
    ).not.toThrow();
  });

  it('wants ranges of its own that it can use', () => {
    const input = { services: [], slices: [], nodeName: 'n1', nodeAddresses: [], serviceCidr: undefined };
    expect(() => planRules({ ...input, clusterCidr: 'fd00::/64' })).toThrow('range fd00::/64 must be IPv4');
  });
});
