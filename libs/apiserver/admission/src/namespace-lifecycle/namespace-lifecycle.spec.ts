import { admin, type TestApi, testApi } from '@kubernest/apiserver/admission/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let api: TestApi;
const namespaces = '/api/v1/namespaces';
beforeAll(async () => {
  api = await testApi();
  for (const name of ['going', 'spare']) await api.call(admin, `POST ${namespaces}`, { metadata: { name } });
  await api.call(admin, `POST ${namespaces}/going/configmaps`, { metadata: { name: 'here' } });
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
