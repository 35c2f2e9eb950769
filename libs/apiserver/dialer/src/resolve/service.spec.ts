import type { KubeObject } from '@kubernest/meta';
import { describe, expect, test } from 'vitest';
import type { ClusterReader, ServicePort } from '../contract.ts';
import { serviceEndpoint } from './service.ts';

interface Cluster {
  readonly service?: object;
  readonly slices?: readonly object[];
  readonly pods?: Readonly<Record<string, string>>;
}

/** Of namespace `shop`: Service `web`, its slices, pods with an address each. */
function readerOf({ service, slices = [], pods = {} }: Cluster): ClusterReader {
  const found = (resource: string, name: string): object | undefined => {
    if (resource === 'services') return name === 'web' && service ? { spec: service } : undefined;
    return pods[name] ? { status: { podIPs: [{ ip: pods[name] }] } } : undefined;
  };
  return {
    get: <T extends KubeObject>({ resource }: { resource: string }, key: string) =>
      (key.startsWith('shop/') ? found(resource, key.slice(5)) : undefined) as T | undefined,
    list: <T extends KubeObject>(_ref: object, namespace?: string) =>
      (namespace === 'shop' ? slices : []) as unknown as readonly T[],
    fetch: async () => undefined,
  };
}

const slice = (endpoints: readonly object[], over = {}) => ({
  metadata: { labels: { 'kubernetes.io/service-name': 'web' } },
  addressType: 'IPv4',
  ports: [{ name: 'http', port: 8080 }],
  endpoints,
  ...over,
});
const at = (address: string, over = {}) => ({ addresses: [address], ...over });
const ports = [
  { name: 'http', port: 80 },
  { name: 'admin', port: 81 },
];

const wanted = { namespace: 'shop', name: 'web', port: 80, security: 'none' } as const;
const ask = (cluster: Cluster, over: Partial<ServicePort> = {}) => {
  const { host, port } = serviceEndpoint(readerOf(cluster), { ...wanted, ...over });
  return `${host}:${port}`;
};
/** Where it leads in many tries. */
const everywhere = (cluster: Cluster, over: Partial<ServicePort> = {}) =>
  new Set(Array.from({ length: 100 }, () => ask(cluster, over)));

describe('a Service leads', () => {
  test('to every ready endpoint in turn and to no other', () => {
    const endpoints = [
      at('10.0.0.1'),
      at('10.0.0.2', { conditions: { ready: true } }),
      at('10.0.0.3', { conditions: { ready: false, serving: true } }),
    ];
    const others = [
      slice([at('10.0.0.4')]),
      slice([at('10.0.0.5')], { ports: [{ name: 'admin', port: 9 }] }),
      slice([at('10.0.0.6')], { metadata: { labels: { 'kubernetes.io/service-name': 'other' } } }),
      slice([at('10.0.0.7')], { ports: [{ name: 'http' }] }),
    ];
    const found = everywhere({ service: { ports }, slices: [slice(endpoints), ...others] });
    expect([...found].sort()).toEqual(['10.0.0.1:8080', '10.0.0.2:8080', '10.0.0.4:8080']);
  });

  test.each(['ClusterIP', 'NodePort', 'LoadBalancer', undefined])('as type %s, headless too', (type) => {
    const service = { type, clusterIP: 'None', ports };
    expect(ask({ service, slices: [slice([at('10.0.0.1')])] })).toBe('10.0.0.1:8080');
  });

  test('to the primary family while it has a ready endpoint', () => {
    const service = { ports, ipFamilies: ['IPv6', 'IPv4'] };
    const four = slice([at('10.0.0.1')]);
    const six = (ready: boolean) => slice([at('fd00::1', { conditions: { ready } })], { addressType: 'IPv6' });
    expect(everywhere({ service, slices: [four, six(true)] })).toEqual(new Set(['fd00::1:8080']));
    expect(everywhere({ service, slices: [four, six(false)] })).toEqual(new Set(['10.0.0.1:8080']));
  });

  test.each([
    [80, ports, '10.0.0.1:8080'],
    ['80', ports, '10.0.0.1:8080'],
    ['http', ports, '10.0.0.1:8080'],
    ['', [{ name: 'http', port: 80 }], '10.0.0.1:8080'],
  ])('by port %j', (port, of, expected) => {
    expect(ask({ service: { ports: of }, slices: [slice([at('10.0.0.1')])] }, { port })).toBe(expected);
  });

  test('to its external name, with the port as asked for', () => {
    const service = { type: 'ExternalName', externalName: 'hooks.example' };
    expect(ask({ service }, { port: 8443 })).toBe('hooks.example:8443');
  });
});

describe('a Service leads nowhere', () => {
  const one = [slice([at('10.0.0.1')])];
  test.each<[string, Cluster, Partial<ServicePort>, number, string]>([
    ['that is not there', {}, {}, 404, 'services "web" not found'],
    [
      'by a number it has not',
      { service: { ports }, slices: one },
      { port: 82 },
      503,
      'no service port 82 found for service "web"',
    ],
    ['without slices', { service: { ports } }, { id: 'web:http' }, 503, 'no endpoints available for service "web"'],
    [
      'without endpoints',
      { service: { ports }, slices: [slice([])] },
      { id: 'web:80' },
      503,
      'no endpoints available for service "web"',
    ],
    [
      'by a name it has not',
      { service: { ports }, slices: one },
      { port: 'x', id: 'web:x' },
      503,
      'no endpoints available for service "web:x"',
    ],
    [
      'by no port of several',
      { service: { ports }, slices: one },
      { port: '' },
      503,
      'no endpoints available for service "web"',
    ],
    [
      'while nobody is ready',
      { service: { ports }, slices: [slice([at('10.0.0.1', { conditions: { ready: false } })])] },
      {},
      503,
      'no endpoints available for service "web"',
    ],
  ])('%s', (_what, cluster, over, code, message) => {
    expect(() => ask(cluster, over)).toThrow(expect.objectContaining({ code, message }));
  });
});

describe('for a proxy a Service leads to pods of its namespace alone', () => {
  const targetRef = { kind: 'Pod', namespace: 'shop', name: 'p' };
  const service = { ports };
  const pods = { p: '10.0.0.1' };
  test('that have the address now', () => {
    expect(ask({ service, pods, slices: [slice([at('10.0.0.1', { targetRef })])] }, { podsOnly: true })).toBe(
      '10.0.0.1:8080',
    );
  });

  test.each([
    ['no pod is named', at('10.0.0.1')],
    ['another kind is', at('10.0.0.1', { targetRef: { ...targetRef, kind: 'Node' } })],
    ['another namespace’s is', at('10.0.0.1', { targetRef: { ...targetRef, namespace: 'other' } })],
    ['it has another address', at('10.0.0.2', { targetRef })],
    ['it is gone', at('10.0.0.1', { targetRef: { ...targetRef, name: 'gone' } })],
  ])('and to none where %s', (_why, endpoint) => {
    const cluster = { service, pods, slices: [slice([endpoint])] };
    expect(() => ask(cluster, { podsOnly: true })).toThrow('no endpoints available');
    expect(ask(cluster)).toMatch(/^10\.0\.0\.\d:8080$/);
  });

  test('and to no external name', () => {
    const external = { type: 'ExternalName', externalName: 'hooks.example' };
    expect(() => ask({ service: external }, { podsOnly: true })).toThrow('no service port 80 found');
  });
});
