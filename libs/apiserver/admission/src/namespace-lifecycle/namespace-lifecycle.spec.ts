import { admin, type TestCluster, testCluster } from '@kubernest/testkit/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let api: TestCluster;
const namespaces = '/api/v1/namespaces';
beforeAll(async () => {
  api = await testCluster();
  for (const name of ['going', 'spare']) await api.call(admin, `POST ${namespaces}`, { metadata: { name } });
  await api.call(admin, `POST ${namespaces}/going/configmaps`, { metadata: { name: 'here' } });
  for (const name of ['default', 'bot'])
    await api.call(admin, `POST ${namespaces}/going/serviceaccounts`, { metadata: { name } });
  const containers = [{ name: 'c', image: 'i' }];
  await api.call(admin, `POST ${namespaces}/going/pods`, { metadata: { name: 'p' }, spec: { containers } });
  await api.call(admin, `DELETE ${namespaces}/going`);
});
afterAll(() => api[Symbol.asyncDispose]());

describe('nothing is made in a namespace that', () => {
  it('is missing', async () => {
    const { object } = await api.call(admin, `POST ${namespaces}/nowhere/configmaps`, { metadata: { name: 'a' } });
    expect([object.code, object.reason, object.message]).toEqual([404, 'NotFound', 'namespaces "nowhere" not found']);
  });

  it('is going, and the answer tells clients why', async () => {
    const { object } = await api.call(admin, `POST ${namespaces}/going/configmaps`, { metadata: { name: 'a' } });
    expect(object).toMatchObject({
      code: 403,
      reason: 'Forbidden',
      message:
        'configmaps "a" is forbidden: unable to create new content in namespace going because it is being terminated',
      details: {
        name: 'a',
        kind: 'configmaps',
        causes: [
          {
            reason: 'NamespaceTerminating',
            message: 'namespace going is being terminated',
            field: 'metadata.namespace',
          },
        ],
      },
    });
  });

  it.each([
    ['pods/p/binding', { target: { kind: 'Node', name: 'n' } }],
    ['pods/p/eviction', { apiVersion: 'policy/v1', kind: 'Eviction' }],
    ['serviceaccounts/bot/token', { spec: {} }],
  ])('is going, nor is %s, below what is left in it', async (path, body) => {
    const [resource, name] = path.split('/');
    const { object } = await api.call(admin, `POST ${namespaces}/going/${path}`, { ...body, metadata: { name } });
    expect(object).toMatchObject({
      code: 403,
      message: `${resource} "${name}" is forbidden: unable to create new content in namespace going because it is being terminated`,
      details: { name, kind: resource, causes: [{ reason: 'NamespaceTerminating' }] },
    });
  });

  it.each(['nowhere', 'going'])('is missing or going: who asks what may be done in %s is answered', async (name) => {
    const spec = { user: 'ann', resourceAttributes: { namespace: name, verb: 'get', resource: 'pods' } };
    const url = `/apis/authorization.k8s.io/v1/namespaces/${name}/localsubjectaccessreviews`;
    expect(await api.call(admin, `POST ${url}`, { spec })).toMatchObject({ status: 201, object: { status: {} } });
  });

  it.each(['exec', 'attach', 'portforward', 'proxy'])('is going: %s is no making', async (subresource) => {
    const { object } = await api.call(admin, `POST ${namespaces}/going/pods/p/${subresource}`);
    expect(object.message).not.toContain('being terminated');
  });

  it('though what is there may still change and go, and be asked about', async () => {
    const here = `${namespaces}/going/configmaps/here`;
    expect((await api.call(admin, `PATCH ${here}`, { data: { a: 'b' } })).status).toBe(200);
    expect((await api.call(admin, `DELETE ${here}`)).status).toBe(200);
    const spec = { user: 'ann', resourceAttributes: { namespace: 'going', verb: 'get', resource: 'pods' } };
    const url = '/apis/authorization.k8s.io/v1/namespaces/going/localsubjectaccessreviews';
    expect((await api.call(admin, `POST ${url}`, { spec })).status).toBe(201);
  });
});

describe('the namespace', () => {
  it.each([
    ['default', 403],
    ['kube-system', 403],
    ['kube-public', 403],
    ['kube-node-lease', 200],
    ['spare', 200],
  ])('%s is asked to go: %i', async (name, status) => {
    const answer = await api.call(admin, `DELETE ${namespaces}/${name}?dryRun=All`);
    expect(answer.status).toBe(status);
    if (status === 403)
      expect(answer.object.message).toBe(`namespaces "${name}" is forbidden: this namespace may not be deleted`);
  });
});
