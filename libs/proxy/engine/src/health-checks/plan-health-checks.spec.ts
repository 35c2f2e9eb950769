import type { Service, ServiceSpec } from '@kubernest/api-types/core/v1';
import type { Endpoint, EndpointSlice } from '@kubernest/api-types/discovery/v1';
import { expect, it } from 'vitest';
import { planHealthChecks } from './plan-health-checks.ts';

const at = (ip: string, conditions: Endpoint['conditions'] = {}, nodeName = 'n1'): Endpoint => ({
  addresses: [ip],
  conditions,
  nodeName,
});
const slice = (...endpoints: Endpoint[]): EndpointSlice => ({
  metadata: { namespace: 'team', labels: { 'kubernetes.io/service-name': 'web' } },
  addressType: 'IPv4',
  endpoints,
});
const asked = {
  type: 'LoadBalancer',
  externalTrafficPolicy: 'Local',
  healthCheckNodePort: 30100,
  clusterIP: '10.96.0.5',
};
const plan = (spec: ServiceSpec, slices: EndpointSlice[] = [], labels: Service['metadata'] = {}) =>
  planHealthChecks({
    nodeName: 'n1',
    services: [{ metadata: { namespace: 'team', name: 'web', ...labels }, spec: { ...asked, ...spec } }],
    slices,
  });

it.each<[string, ServiceSpec, Service['metadata']]>([
  ['a Service of another type', { type: 'NodePort' }, {}],
  ['a Service that sends traffic from outside on to other nodes', { externalTrafficPolicy: 'Cluster' }, {}],
  ['a Service made before it was given a port for that', { healthCheckNodePort: undefined }, {}],
  ['a Service of another proxy', {}, { labels: { 'service.kubernetes.io/service-proxy-name': 'x' } }],
])('%s is not asked for', (_, spec, labels) => {
  expect(plan(spec, [], labels)).toEqual([]);
});

it.each<[string, EndpointSlice[], number]>([
  ['none', [], 0],
  ['those that are ready', [slice(at('10.244.0.2'), at('10.244.0.3', { ready: true }))], 2],
  ['no address twice, through several slices', [slice(at('10.244.0.2')), slice(at('10.244.0.2'))], 1],
  [
    'none that only serves while it terminates',
    [slice(at('10.244.0.2', { ready: false, serving: true, terminating: true }))],
    0,
  ],
  ['none of another node', [slice(at('10.244.1.2', {}, 'n2'))], 0],
])('of endpoints it counts %s', (_, slices, localEndpoints) => {
  expect(plan({}, slices)).toEqual([{ namespace: 'team', name: 'web', port: 30100, localEndpoints }]);
});
