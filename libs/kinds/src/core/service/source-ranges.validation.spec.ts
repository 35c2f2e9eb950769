import { expect, it } from 'vitest';
import { faultsOf, faultsOfChange } from '../../kind-faults.fixture.ts';

const key = 'service.beta.kubernetes.io/load-balancer-source-ranges';
const about = `metadata.annotations[${key}]`;
const only = "Forbidden: may only be used when `type` is 'LoadBalancer'";
const wrong = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';
const service = (type: string, ranges: string[] | undefined, annotation?: string) => ({
  metadata: {
    name: 'web',
    namespace: 'default',
    ...(annotation !== undefined && { annotations: { [key]: annotation } }),
  },
  spec: { type, ports: [{ port: 80 }], loadBalancerSourceRanges: ranges },
});
const inField = (text: string) => service('LoadBalancer', [text]);
const annotated = (text: string) => service('LoadBalancer', undefined, text);

it.each<[object, string[]]>([
  [annotated(' 10.0.0.0/8 , 2001:db8::/32'), []],
  [annotated(' '), []],
  [annotated('10.0.0.0/8,x'), [`${about}: Invalid value: "x": ${wrong}`]],
  [service('ClusterIP', undefined, '10.0.0.0/8'), [`${about}: ${only}`]],
  [service('ClusterIP', ['10.0.0.0/8']), [`spec.LoadBalancerSourceRanges: ${only}`]],
  [service('LoadBalancer', ['10.0.0.0/8'], 'x'), []],
  [inField('10.0.0.0/8 x'), [`spec.LoadBalancerSourceRanges[0]: Invalid value: "10.0.0.0/8 x": ${wrong}`]],
])('who may use a load balancer: %j is told %j', (object, faults) => {
  expect(faultsOf('Service', object)).toEqual(faults);
});

it.each([
  [inField('010.0.0.0/8'), inField(' 010.0.0.0/8 ')],
  [annotated('x'), annotated('x')],
])('who was let use it before stays', (before, after) => {
  expect(faultsOf('Service', after)).toHaveLength(1);
  expect(faultsOfChange('Service', before, after)).toEqual([]);
});
