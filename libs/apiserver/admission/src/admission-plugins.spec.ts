import { readdirSync } from 'node:fs';
import type { AdmissionCall } from '@kubernest/apiserver/contract';
import { builtinKinds } from '@kubernest/kinds';
import { clone, deepEqual, type KubeObject, qualifiedResource } from '@kubernest/meta';
import { admin, kubelet, ranges, type TestCluster, testCluster } from '@kubernest/testkit/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admissionPlugins } from './admission-plugins.ts';

const node = kubelet('n1');
const pod = (name: string, spec: object = {}) => ({
  metadata: { name },
  spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
});
const service = (name: string, spec: object) => ({ metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } });

/** An object before anything was given to it. */
const bare = (object: KubeObject) => {
  const draft = structuredClone(object) as KubeObject & { spec?: Record<string, unknown> };
  for (const field of ['tolerations', 'priority', 'clusterIP', 'clusterIPs', 'taints']) delete draft.spec?.[field];
  return draft;
};

let api: TestCluster;
const call: TestCluster['call'] = (...args) => api.call(...args);
const statusOnceTold = async (ask: () => Promise<{ readonly status: number }>) => {
  await api.caughtUp();
  return (await ask()).status;
};
beforeAll(async () => {
  api = await testCluster();
});
afterAll(() => api[Symbol.asyncDispose]());

it('the list names every folder, and no other', () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((each) => each.isDirectory());
  const listed = admissionPlugins(ranges)(api.server.core).map((plugin) => plugin.name);
  expect([...listed].sort()).toEqual(folders.map((each) => each.name).sort());
});

it('each says of a draft whether it changed it', async () => {
  const { core } = api.server;
  const calls = builtinKinds.flatMap((definition) =>
    (['create', 'update'] as const).map((operation) => {
      const old = { ...definition.example, metadata: { ...definition.example.metadata, namespace: 'default' } };
      const { group, version, plural } = definition;
      const info = { group, version, resource: plural, subresource: '', namespace: 'default', name: old.metadata.name };
      const seen = { operation, user: admin, info, definition, old: operation === 'update' ? old : undefined };
      return { ...seen, object: bare(old), options: {}, dryRun: true, warn: () => {}, annotate: () => {} };
    }),
  ) as unknown as AdmissionCall[];
  let changes = 0;
  for (const plugin of admissionPlugins(ranges)(core)) {
    const sees = ({ definition, operation }: AdmissionCall) =>
      plugin.sees.on.includes(operation) &&
      plugin.sees.resources.some((name) =>
        ['*', qualifiedResource({ ...definition, resource: definition.plural })].includes(name),
      );
    for (const each of plugin.mutate ? calls.filter(sees) : []) {
      const before = clone(each.object);
      const says = await plugin.mutate!(each, core.read, api.ctx);
      const changed = !deepEqual(before as never, each.object as never);
      if (changed) changes++;
      expect([plugin.name, each.definition.kind, changed && !says]).toEqual([plugin.name, each.definition.kind, false]);
    }
  }
  expect(changes).toBeGreaterThan(3);
});

describe('a pod', () => {
  it('gets its account, a token and tolerations', async () => {
    const { status, object } = await call(admin, 'POST /api/v1/namespaces/default/pods', pod('web'));
    expect(status).toBe(201);
    expect(object.spec.serviceAccountName).toBe('default');
    expect(object.spec.volumes[0].name).toMatch(/^kube-api-access-[a-z0-9]{5}$/);
    expect(object.spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds).toBe(3607);
    expect(object.spec.containers[0].volumeMounts[0].mountPath).toBe('/var/run/secrets/kubernetes.io/serviceaccount');
    expect(object.spec.tolerations.map((each: { tolerationSeconds: number }) => each.tolerationSeconds)).toEqual([
      300, 300,
    ]);
  });

  const refused: readonly [string, string, object, number, string][] = [
    ['in a missing namespace', 'nowhere', pod('a'), 404, 'namespaces "nowhere" not found'],
    [
      'of a missing account',
      'default',
      pod('a', { serviceAccountName: 'x' }),
      403,
      'error looking up service account default/x: serviceaccount "x" not found',
    ],
  ];
  it.each(refused)('%s is refused', async (_, namespace, body, status, message) => {
    const answer = await call(admin, `POST /api/v1/namespaces/${namespace}/pods`, body);
    expect(answer.status).toBe(status);
    expect(answer.object.message).toContain(message);
  });
});

describe('namespaces', () => {
  it('of the system cannot be deleted', async () => {
    const { status, object } = await call(admin, 'DELETE /api/v1/namespaces/kube-system');
    expect([status, object.message]).toEqual([
      403,
      'namespaces "kube-system" is forbidden: this namespace may not be deleted',
    ]);
  });
});

it('a pod whose tolerations are replaced keeps those it was given', async () => {
  const pods = '/api/v1/namespaces/default/pods';
  const containers = [{ name: 'c', image: 'i' }];
  const made = await call(admin, `POST ${pods}`, { metadata: { name: 'bears' }, spec: { containers } });
  const tolerations = [{ key: 'a', operator: 'Exists' }];
  const { object } = await call(admin, `PUT ${pods}/bears`, {
    ...made.object,
    spec: { ...made.object.spec, tolerations },
  });
  expect(object.spec.tolerations).toEqual([...tolerations, ...made.object.spec.tolerations]);
  expect(object.metadata.generation).toBe(2);
});

it.each(['', '/status'])('nobody makes a pod a mirror of something by a write of %j', async (subresource) => {
  const pods = '/api/v1/namespaces/default/pods';
  const name = `plain${subresource.replace('/', '-')}`;
  const spec = { nodeName: 'n1', containers: [{ name: 'c', image: 'i' }] };
  await call(admin, `POST ${pods}`, { metadata: { name }, spec });
  const body = { metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } } };
  const { status, object } = await call(admin, `PATCH ${pods}/${name}${subresource}`, body);
  expect([status, object.message]).toEqual([422, expect.stringContaining('may not add mirror pod annotation')]);
});

it('pods can be asked for by their addresses, which none says there', async () => {
  const { status, object } = await call(admin, 'GET /api/v1/pods?fieldSelector=status.podIPs%3D10.0.0.1');
  expect([status, object.items]).toEqual([200, []]);
});

describe('a service', () => {
  const url = '/api/v1/namespaces/default/services';
  it('gets an address above the static band, and gives it back', async () => {
    const made = await call(admin, `POST ${url}`, service('one', {}));
    expect(made.status).toBe(201);
    const ip = made.object.spec.clusterIP;
    expect(ip).toMatch(/^10\.96\./);
    expect((await api.store.get(`/kubernest/ranges/services/${ip}`, api.ctx)).entry).toBeDefined();
    await call(admin, `DELETE ${url}/one`);
    expect((await api.store.get(`/kubernest/ranges/services/${ip}`, api.ctx)).entry).toBeUndefined();
  });

  it('is refused an address and a node port that another has', async () => {
    const asked = { type: 'NodePort', clusterIP: '10.96.0.10', ports: [{ port: 80, nodePort: 30001 }] };
    expect((await call(admin, `POST ${url}`, service('first', asked))).status).toBe(201);
    const { status, object } = await call(admin, `POST ${url}`, service('second', asked));
    expect(status).toBe(422);
    expect(object.message).toContain('provided IP is already allocated');
    const elsewhere = { ...asked, clusterIP: undefined };
    expect((await call(admin, `POST ${url}`, service('second', elsewhere))).object.message).toContain(
      'spec.ports[0].nodePort: Invalid value: 30001: provided port is already allocated',
    );
    expect(
      (await call(admin, `POST ${url}`, service('third', { ...asked, clusterIP: '10.1.0.1' }))).object.message,
    ).toContain('the provided network does not match the current range');
  });

  it('gives its node port back when its type changes', async () => {
    const made = await call(admin, `POST ${url}`, service('np', { type: 'NodePort' }));
    const port = made.object.spec.ports[0].nodePort;
    expect(port).toBeGreaterThanOrEqual(30086);
    const changed = { ...made.object, spec: { ...made.object.spec, type: 'ClusterIP' } };
    const after = await call(admin, `PUT ${url}/np`, changed);
    expect(after.status).toBe(200);
    expect(after.object.spec.ports[0].nodePort).toBeUndefined();
    expect(after.object.spec.clusterIP).toBe(made.object.spec.clusterIP);
    expect((await api.store.get(`/kubernest/ranges/nodeports/tcp/${port}`, api.ctx)).entry).toBeUndefined();
  });

  it('gives its address back when it becomes a name outside, and gets one when it comes back', async () => {
    const made = await call(admin, `POST ${url}`, service('named', { type: 'NodePort' }));
    const ip = made.object.spec.clusterIP;
    const outside = { ...made.object.spec, type: 'ExternalName', externalName: 'example.com' };
    const { object } = await call(admin, `PUT ${url}/named`, { ...made.object, spec: outside });
    for (const field of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'])
      expect(object.spec).not.toHaveProperty(field);
    expect(object.spec.ports[0].nodePort).toBeUndefined();
    expect((await api.store.get(`/kubernest/ranges/services/${ip}`, api.ctx)).entry).toBeUndefined();
    const inside = { ...object, spec: { ...object.spec, type: 'ClusterIP', externalName: undefined } };
    expect((await call(admin, `PUT ${url}/named`, inside)).object.spec.clusterIP).toMatch(/^10\.96\./);
  });

  it('has no rules in its status, and no address once it is no load balancer', async () => {
    await call(admin, `POST ${url}`, service('lb', { type: 'LoadBalancer' }));
    const says = (ip: string) => ({ status: { loadBalancer: { ingress: [{ ip }] } } });
    const attack = '203.0.113.77/32 -j ACCEPT\n-A KN-REJECT -s 203.0.113.99/32 -j ACCEPT';
    const { status, object } = await call(admin, `PATCH ${url}/lb/status`, says(attack));
    expect([status, object.message]).toEqual([422, expect.stringContaining('must be a valid IP address')]);
    const told = await call(admin, `PATCH ${url}/lb/status`, says('203.0.113.77'));
    expect(told.object.status.loadBalancer.ingress).toEqual([{ ip: '203.0.113.77', ipMode: 'VIP' }]);
    const after = await call(admin, `PATCH ${url}/lb`, { spec: { type: 'ClusterIP' } });
    expect([after.status, after.object.status]).toEqual([200, { loadBalancer: {} }]);
    expect((await call(admin, `PATCH ${url}/lb/status`, says('203.0.113.77'))).object.message).toContain(
      "status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'",
    );
  });

  it('takes conditions of its status whose time was never set', async () => {
    const made = await call(admin, `POST ${url}`, service('told', {}));
    const condition = { type: 'Told', status: 'True', reason: 'Test', message: '', lastTransitionTime: null };
    const told = { ...made.object, status: { conditions: [condition] } };
    const { status, object } = await call(admin, `PUT ${url}/told/status`, told);
    expect(status).toBe(200);
    expect(object.status.conditions).toMatchObject([{ type: 'Told', status: 'True' }]);
  });

  it('without an address holds none', async () => {
    const { object } = await call(admin, `POST ${url}`, service('headless', { clusterIP: 'None' }));
    expect(object.spec.clusterIPs).toEqual(['None']);
  });

  it('of many made at once never shares an address', async () => {
    const made = await Promise.all(
      Array.from({ length: 30 }, (_, i) => call(admin, `POST ${url}`, service(`many-${i}`, { type: 'NodePort' }))),
    );
    expect(new Set(made.map((each) => each.object.spec.clusterIP)).size).toBe(30);
    expect(new Set(made.map((each) => each.object.spec.ports[0].nodePort)).size).toBe(30);
  });
});

describe('a kubelet', () => {
  it('makes its own Node with the not-ready taint and no other', async () => {
    const own = await call(node, 'POST /api/v1/nodes', {
      metadata: { name: 'n1', labels: { 'kubernetes.io/os': 'linux' } },
    });
    expect(own.status).toBe(201);
    expect(own.object.spec.taints).toEqual([{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }]);
    expect((await call(node, 'POST /api/v1/nodes', { metadata: { name: 'n2' } })).object.message).toContain(
      'node "n1" is not allowed to modify node "n2"',
    );
  });

  it('reads a secret only while a pod of its own refers to it', async () => {
    await call(admin, 'POST /api/v1/namespaces/default/secrets', { metadata: { name: 's' } });
    const read = () => call(node, 'GET /api/v1/namespaces/default/secrets/s');
    expect((await read()).object.message).toContain("no relationship found between node 'n1' and this object");
    const spec = { nodeName: 'n1', volumes: [{ name: 'v', secret: { secretName: 's' } }] };
    await call(admin, 'POST /api/v1/namespaces/default/pods', pod('uses', spec));
    expect(await statusOnceTold(read)).toBe(200);
    await call(admin, 'DELETE /api/v1/namespaces/default/pods/uses', { gracePeriodSeconds: 0 });
    expect(await statusOnceTold(read)).toBe(403);
  });
});

describe('roles', () => {
  it('let their holder in as soon as they are bound, and out again', async () => {
    const bob = { user: 'bob' };
    const list = () => call(bob, 'GET /api/v1/namespaces/default/pods');
    expect((await list()).object.message).toBe(
      'pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "default"',
    );
    const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:aggregate-to-view' };
    const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'bob' }];
    expect(
      (await call(admin, `POST ${rbac}/rolebindings`, { metadata: { name: 'b' }, roleRef, subjects })).status,
    ).toBe(201);
    expect(await statusOnceTold(list)).toBe(200);
    await call(admin, `DELETE ${rbac}/rolebindings/b`);
    expect(await statusOnceTold(list)).toBe(403);
  });

  it('cannot be given beyond what the giver holds', async () => {
    const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:aggregate-to-admin' };
    const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'carol' }];
    await call(admin, `POST ${rbac}/rolebindings`, { metadata: { name: 'c' }, roleRef, subjects });
    expect(await statusOnceTold(() => call({ user: 'carol' }, `GET ${rbac}/roles`))).toBe(200);
    const rules = [{ verbs: ['get'], apiGroups: [''], resources: ['secrets'] }];
    const { status, object } = await call({ user: 'carol' }, `POST ${rbac}/roles`, { metadata: { name: 'r' }, rules });
    expect(status).toBe(403);
    expect(object.message).toContain(
      'is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}',
    );
  });
});
