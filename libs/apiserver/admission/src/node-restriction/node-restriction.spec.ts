import { admin, kubelet, type TestCluster, testCluster } from '@kubernest/testkit/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let api: TestCluster;
const uids: Record<string, string> = {};
const n1 = kubelet('n1');
const pods = '/api/v1/namespaces/default/pods';
const pod = (name: string, spec: object, metadata: object = {}) => ({
  metadata: { name, ...metadata },
  spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
});

beforeAll(async () => {
  api = await testCluster();
  for (const name of ['n1', 'n2']) {
    const made = await api.call(kubelet(name), 'POST /api/v1/nodes', { metadata: { name } });
    uids[name] = made.object.metadata.uid;
  }
  const vault = { name: 'v', projected: { sources: [{ serviceAccountToken: { path: 't', audience: 'vault' } }] } };
  for (const [name, spec] of Object.entries({
    own: { nodeName: 'n1', volumes: [vault] },
    other: { nodeName: 'n2' },
    bare: { nodeName: 'n1', automountServiceAccountToken: false },
    waiting: {},
  })) {
    const made = await api.call(admin, `POST ${pods}`, pod(name, spec));
    uids[name] = made.object.metadata.uid;
  }
  await api.caughtUp();
});
afterAll(() => api[Symbol.asyncDispose]());

async function ask(line: string, body?: object, as = n1): Promise<string> {
  const { status, object } = await api.call(as, line, body);
  return status < 300 ? 'ok' : `${status} ${object.message}`;
}

describe('nodes', () => {
  const url = '/api/v1/nodes';
  it.each<[string, object | undefined, string]>([
    [`PATCH ${url}/n1`, { metadata: { labels: { 'kubernetes.io/hostname': 'n1', 'acme.example/disk': 'ssd' } } }, 'ok'],
    [`PATCH ${url}/n1/status`, { status: { phase: 'Running' } }, 'ok'],
    [`PATCH ${url}/n2`, { metadata: { labels: { a: 'b' } } }, 'node "n1" is not allowed to modify node "n2"'],
    [`PATCH ${url}/n2/status`, { status: { phase: 'Running' } }, 'node "n1" is not allowed to modify node "n2"'],
    [`POST ${url}`, { metadata: { name: 'n3' } }, 'node "n1" is not allowed to modify node "n3"'],
    [`PATCH ${url}/n1`, { spec: { taints: [] } }, 'node "n1" is not allowed to modify taints'],
    [
      `PATCH ${url}/n1`,
      {
        metadata: { labels: { 'node-restriction.kubernetes.io/x': '1', 'node-role.kubernetes.io/control-plane': '' } },
      },
      'is not allowed to modify labels: node-restriction.kubernetes.io/x, node-role.kubernetes.io/control-plane',
    ],
    [
      `PATCH ${url}/n1`,
      { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'gone', uid: 'gone' }] } },
      'node "n1" is not allowed to modify ownerReferences',
    ],
    [
      `PATCH ${url}/n1`,
      { spec: { configSource: { configMap: {} } } },
      'node "n1" is not allowed to update configSource to a new non-nil configSource',
    ],
    [`DELETE ${url}/n1`, undefined, 'cannot delete resource "nodes"'],
  ])('%s %j: %s', async (line, body, expected) => {
    expect(await ask(line, body)).toContain(expected);
  });

  it('cannot be registered with a configuration from elsewhere', async () => {
    const body = { metadata: { name: 'n5' }, spec: { configSource: { configMap: { name: 'c', namespace: 'd' } } } };
    expect(await ask(`POST ${url}`, body, kubelet('n5'))).toContain(
      'node "n5" is not allowed to create pods with a non-nil configSource',
    );
  });

  it('cannot be registered with labels that steer pods', async () => {
    const metadata = { name: 'n4', labels: { 'k8s.io/x': '', 'kubernetes.io/os': 'linux' } };
    expect(await ask(`POST ${url}`, { metadata }, kubelet('n4'))).toContain(
      'node "n4" is not allowed to set the following labels: k8s.io/x',
    );
  });
});

describe('pods', () => {
  const status = { status: { phase: 'Running' } };
  it.each<[string, object | undefined, string]>([
    [`PATCH ${pods}/own/status`, status, 'ok'],
    [
      `PATCH ${pods}/other/status`,
      status,
      'node "n1" can only update pod status for pods with spec.nodeName set to itself',
    ],
    [
      `PATCH ${pods}/waiting/status`,
      status,
      'node "n1" can only update pod status for pods with spec.nodeName set to itself',
    ],
    [`PATCH ${pods}/own`, { metadata: { labels: { app: 'web' } } }, 'cannot patch resource "pods"'],
    [`DELETE ${pods}/other`, undefined, 'node "n1" can only delete pods with spec.nodeName set to itself'],
    [
      `POST ${pods}/other/eviction`,
      { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'other' } },
      'node n1 can only evict pods with spec.nodeName set to itself',
    ],
    [
      `POST ${pods}`,
      pod('new', { nodeName: 'n1' }),
      'pod does not have "kubernetes.io/config.mirror" annotation, node "n1" can only create mirror pods',
    ],
  ])('%s %j: %s', async (line, body, expected) => {
    expect(await ask(line, body)).toContain(expected);
  });

  it('keep their labels: a node that sends others with their status is refused', async () => {
    const body = { metadata: { labels: { app: 'web' } }, status: { phase: 'Running' } };
    const { object } = await api.call(n1, `PATCH ${pods}/own/status`, body);
    expect(object).toMatchObject({
      code: 403,
      message: expect.stringContaining('node "n1" cannot update labels through pod status'),
    });
  });

  const claims = 'static pods do not support resource claims';
  const owner = (more: object = {}) => [
    { apiVersion: 'v1', kind: 'Node', name: 'n1', uid: uids.n1, controller: true, ...more },
  ];
  const mirror = (ownerReferences: () => object[], spec: object = {}) => {
    const annotations = { 'kubernetes.io/config.mirror': 'x' };
    return pod('mirror', { nodeName: 'n1', ...spec }, { annotations, ownerReferences: ownerReferences() });
  };
  it.each<[string, () => object, string]>([
    ['its own', () => mirror(owner), 'ok'],
    [
      'of another node',
      () => mirror(owner, { nodeName: 'n2' }),
      'can only create pods with spec.nodeName set to itself',
    ],
    ['without an owner', () => mirror(() => []), 'can only create pods with an owner reference set to itself'],
    [
      'with two owners',
      () => mirror(() => [...owner(), { ...owner()[0], controller: false, name: 'n2' }]),
      'can only create pods with a single owner reference set to itself',
    ],
    [
      'with another owner',
      () => mirror(() => owner({ name: 'n2' })),
      'can only create pods with an owner reference set to itself',
    ],
    [
      'with an owner that does not control it',
      () => mirror(() => owner({ controller: false })),
      'can only create pods with a controller owner reference set to itself',
    ],
    [
      'that holds its owner up',
      () => mirror(() => owner({ blockOwnerDeletion: true })),
      'must not set blockOwnerDeletion on an owner reference',
    ],
    ['of an older node of that name', () => mirror(() => owner({ uid: 'old' })), 'UID mismatch: expected old got'],
    [
      'that claims resources',
      () => mirror(owner, { resourceClaims: [{ name: 'gpu', resourceClaimName: 'g' }] }),
      claims,
    ],
    [
      'that names a secret',
      () => mirror(owner, { imagePullSecrets: [{ name: 's' }] }),
      'a mirror pod may not reference secrets',
    ],
    [
      'that names a config map',
      () => mirror(owner, { volumes: [{ name: 'v', configMap: { name: 'c' } }] }),
      'can not create pods that reference configmaps',
    ],
  ])('a mirror pod %s: %s', async (_, make, expected) => {
    expect(await ask(`POST ${pods}?dryRun=All`, make())).toContain(expected);
  });

  const csi = { driver: 'd.test', volumeAttributes: {} };
  const bundle = { name: 'b', path: 'ca.pem' };
  const certificate = { signerName: 'a.test/b', keyType: 'ED25519', credentialBundlePath: 'c.pem' };
  const claim = { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } };
  it.each<[string, object]>([
    ['configmaps', { configMap: { name: 'c' } }],
    ['csidrivers (via CSI volumes)', { csi }],
    ['endpoints (via glusterFS volumes)', { glusterfs: { endpoints: 'e', path: 'p' } }],
    ['persistentvolumeclaims', { persistentVolumeClaim: { claimName: 'c' } }],
    ['persistentvolumeclaims (via ephemeral volumes)', { ephemeral: { volumeClaimTemplate: claim } }],
    ['clustertrustbundles', { projected: { sources: [{ clusterTrustBundle: bundle }] } }],
    ['podcertificates', { projected: { sources: [{ podCertificate: certificate }] } }],
  ])('a mirror pod that refers to %s is refused', async (kind, source) => {
    const body = mirror(owner, { volumes: [{ name: 'v', ...source }] });
    expect(await ask(`POST ${pods}?dryRun=All`, body)).toContain(
      `node "n1" can not create pods that reference ${kind}`,
    );
  });

  it.each(['emptyDir', 'hostPath', 'downwardAPI', 'projected'])('a mirror pod with %s is fine', async (source) => {
    const items = [{ path: 'p', fieldRef: { fieldPath: 'metadata.name' } }];
    const sources = { emptyDir: {}, hostPath: { path: '/x' }, downwardAPI: { items } } as Record<string, object>;
    const volume = sources[source] ?? { sources: [{ downwardAPI: { items } }] };
    const body = mirror(owner, { volumes: [{ name: 'v', [source]: volume }] });
    expect(await ask(`POST ${pods}?dryRun=All`, body)).toBe('ok');
  });

  it('are written through no other door, whoever opened it', async () => {
    await api.grant('system:node:n2', [{ verbs: ['create'], apiGroups: [''], resources: ['pods/binding'] }]);
    const target = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name: 'waiting' },
      target: { kind: 'Node', name: 'n2' },
    };
    const { status, object } = await api.call(kubelet('n2'), `POST ${pods}/waiting/binding`, target);
    expect(status).toBe(403);
    expect(object.message).toContain(`unexpected pod subresource "binding", only 'status' and 'eviction' are allowed`);
  });
});

describe('tokens', () => {
  const request = (name: string, audiences?: string[], ref: object = {}) => ({
    spec: { audiences, boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid: uids[name], ...ref } },
  });
  const elsewhere = 'node requested token bound to a pod scheduled on a different node';
  it.each<[string, () => object, string]>([
    ['for a pod of its own', () => request('own'), 'ok'],
    ['for an audience that the pod names', () => request('own', ['vault']), 'ok'],
    ['for another audience', () => request('own', ['bank']), 'audience "bank" not found in pod spec volume'],
    ['for two audiences', () => request('own', ['vault', 'bank']), 'node may only request 0 or 1 audiences'],
    ['for a pod that wants none', () => request('bare'), 'audience "" not found in pod spec volume'],
    ['for a pod elsewhere', () => request('other'), elsewhere],
    ['for a pod that is nowhere yet', () => request('waiting'), elsewhere],
    [
      'for an older pod of that name',
      () => request('own', [], { uid: 'old' }),
      'the UID in the bound object reference (old) does not match the UID in record',
    ],
    [
      'without a uid',
      () => request('own', [], { uid: undefined }),
      'node requested token with a pod binding without a uid',
    ],
    ['for a pod that is gone', () => request('gone', [], { uid: 'x' }), 'pods "gone" not found'],
    ['bound to nothing', () => ({ spec: {} }), 'node requested token not bound to a pod'],
    ['bound to its node', () => request('n1', [], { kind: 'Node' }), 'node requested token not bound to a pod'],
  ])('%s: %s', async (_, make, expected) => {
    expect(await ask('POST /api/v1/namespaces/default/serviceaccounts/default/token', make())).toContain(expected);
  });

  it('for any audience that a role allows', async () => {
    const rules = [{ verbs: ['request-serviceaccounts-token-audience'], apiGroups: [''], resources: ['lent'] }];
    await api.grant('system:node:n1', rules);
    const url = 'POST /api/v1/namespaces/default/serviceaccounts/default/token';
    expect((await api.call(n1, url, request('own', ['lent']))).status).toBe(201);
  });

  it('not for accounts that no pod of its own has', async () => {
    await api.call(admin, 'POST /api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'lonely' } });
    expect(await ask('POST /api/v1/namespaces/default/serviceaccounts/lonely/token', request('own'))).toContain(
      "no relationship found between node 'n1' and this object",
    );
  });

  it('for anybody else is not its business', async () => {
    const url = 'POST /api/v1/namespaces/default/serviceaccounts/default/token';
    expect(await ask(url, { spec: { audiences: ['a', 'b'] } }, admin)).toBe('ok');
  });
});
