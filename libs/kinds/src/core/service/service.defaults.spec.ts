import type { KubeObject } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import { serviceDefaults } from './service.defaults.ts';

function defaulted(spec: Record<string, unknown>): unknown {
  const service = { metadata: { name: 'web' }, spec: structuredClone(spec) };
  serviceDefaults(service as KubeObject);
  return service.spec;
}

describe('the defaults of a service', () => {
  it('a port goes to the same port of the pods', () => {
    expect(defaulted({ ports: [{ port: 80 }] })).toEqual({
      type: 'ClusterIP',
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
    });
  });

  it.each([
    [{ type: 'NodePort' }, { externalTrafficPolicy: 'Cluster' }],
    [{ type: 'LoadBalancer' }, { externalTrafficPolicy: 'Cluster', allocateLoadBalancerNodePorts: true }],
    [{ sessionAffinity: 'ClientIP' }, { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } }],
    [{ clusterIP: 'fd00::1' }, { ipFamilies: ['IPv6'] }],
  ])('%j gets %j', (said, filled) => {
    expect(defaulted(said)).toMatchObject({ ...said, ...filled });
  });

  it('a name elsewhere has no addresses', () => {
    expect(defaulted({ type: 'ExternalName', externalName: 'a.example' })).toEqual({
      type: 'ExternalName',
      externalName: 'a.example',
      sessionAffinity: 'None',
    });
  });
});
