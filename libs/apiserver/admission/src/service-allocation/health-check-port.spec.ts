import type { ServiceSpec } from '@kubernest/api-types/core/v1';
import { type Answer, admin, type TestCluster, testCluster } from '@kubernest/testkit/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePortKeys, RANGES } from './service-draft.ts';

let api: TestCluster;
const url = '/api/v1/namespaces/default/services';
beforeAll(async () => {
  api = await testCluster();
});
afterAll(() => api[Symbol.asyncDispose]());

const local: Partial<ServiceSpec> = {
  type: 'LoadBalancer',
  externalTrafficPolicy: 'Local',
  ports: [{ port: 80, nodePort: undefined }],
};
let count = 0;
const make = (spec: Partial<ServiceSpec> = {}) =>
  api.call(admin, `POST ${url}`, { metadata: { name: `s${count++}` }, spec: { ...local, ...spec } });
const change = ({ object }: Answer, spec: object) =>
  api.call(admin, `PUT ${url}/${object.metadata.name}`, { ...object, spec: { ...object.spec, ...spec } });
const portOf = ({ object }: Answer): number => object.spec.healthCheckNodePort;
const isTaken = async (port: number) => {
  const { entries } = await api.store.list(RANGES, {}, api.ctx);
  return entries.some(({ key }) => nodePortKeys(port).includes(key));
};
const failed = (port: number, why: string) => ({
  status: 500,
  object: {
    reason: 'InternalError',
    message: `Internal error occurred: failed to allocate requested HealthCheck NodePort ${port}: ${why}`,
  },
});
const allocated = 'provided port is already allocated';

describe('the port at which a load balancer asks for the health of a node', () => {
  it('is handed out to a Service whose traffic from outside stays on the node', async () => {
    const made = await make();
    expect(portOf(made)).toBeGreaterThanOrEqual(30000);
    expect(portOf(made)).not.toBe(made.object.spec.ports[0].nodePort);
    expect(await isTaken(portOf(made))).toBe(true);
  });

  it.each<Partial<ServiceSpec>>([{ externalTrafficPolicy: 'Cluster' }, { type: 'NodePort' }])(
    'is not for %j',
    async (spec) => {
      expect(portOf(await make(spec))).toBeUndefined();
      expect(await make({ ...spec, healthCheckNodePort: 30050 })).toMatchObject({ status: 422 });
    },
  );

  it('is the one that is asked for, when that is free and no other port of the Service', async () => {
    expect(portOf(await make({ healthCheckNodePort: 30100 }))).toBe(30100);
    expect(await make({ healthCheckNodePort: 30100 })).toMatchObject(failed(30100, allocated));
    const both = { ports: [{ port: 80, nodePort: 30101 }], healthCheckNodePort: 30101 };
    expect(await make(both)).toMatchObject(failed(30101, allocated));
    expect(await isTaken(30101)).toBe(false);
    const range = 'provided port is not in the valid range. The range of valid ports is 30000-32767';
    expect(await make({ healthCheckNodePort: 80 })).toMatchObject(failed(80, range));
  });

  it('is nobody’s node port', async () => {
    await make({ healthCheckNodePort: 30110 });
    expect(await make({ type: 'NodePort', ports: [{ port: 80, nodePort: 30110 }] })).toMatchObject({ status: 422 });
  });

  it('is kept by a change that leaves it out, and no other', async () => {
    const made = await make({ healthCheckNodePort: 30120 });
    expect(portOf(await change(made, { healthCheckNodePort: undefined, sessionAffinity: 'ClientIP' }))).toBe(30120);
    const now = await api.call(admin, `GET ${url}/${made.object.metadata.name}`);
    expect(await change(now, { healthCheckNodePort: 30121 })).toMatchObject({
      status: 422,
      object: { message: expect.stringContaining('spec.healthCheckNodePort: Forbidden: field is immutable') },
    });
  });

  it('comes and goes with the traffic policy', async () => {
    const made = await make({ externalTrafficPolicy: 'Cluster' });
    const localNow = await change(made, { externalTrafficPolicy: 'Local' });
    const port = portOf(localNow);
    expect(await isTaken(port)).toBe(true);
    const clusterNow = await change(localNow, { externalTrafficPolicy: 'Cluster' });
    expect([portOf(clusterNow), await isTaken(port)]).toEqual([undefined, false]);
  });

  it('is free again when its Service is gone', async () => {
    const made = await make({ healthCheckNodePort: 30130 });
    await api.call(admin, `DELETE ${url}/${made.object.metadata.name}`);
    expect(portOf(await make({ healthCheckNodePort: 30130 }))).toBe(30130);
  });
});
