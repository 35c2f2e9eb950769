import { FakeClock } from '@kubernest/kit';
import { memoryStore } from '@kubernest/store/memory';
import { admin, type TestCluster, testCluster } from '@kubernest/testkit/cluster';
import { storeWith } from '@kubernest/testkit/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let api: TestCluster;
beforeAll(async () => {
  api = await testCluster();
});
afterAll(() => api[Symbol.asyncDispose]());

describe('a TokenReview', () => {
  const review = async (token: string, audiences?: string[]) => {
    const spec = { token, ...(audiences ? { audiences } : {}) };
    return (await api.call(admin, 'POST /apis/authentication.k8s.io/v1/tokenreviews', { spec })).object;
  };
  const issue = async (account: string, body: object = {}) => {
    const url = `/api/v1/namespaces/default/serviceaccounts/${account}`;
    return (await api.call(admin, `POST ${url}/token`, { spec: body })).object.status.token;
  };

  it('tells whose it is and what it is bound to, until that is gone', async () => {
    const pods = '/api/v1/namespaces/default/pods';
    const spec = { nodeName: 'nobody-knows', containers: [{ name: 'c', image: 'i' }] };
    const pod = (await api.call(admin, `POST ${pods}`, { metadata: { name: 'bound' }, spec })).object;
    const token = await issue('default', { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'bound' } });
    const { status } = await review(token);
    const key = (name: string) => `authentication.kubernetes.io/${name}`;
    expect(status).toMatchObject({
      authenticated: true,
      audiences: ['api'],
      user: {
        username: 'system:serviceaccount:default:default',
        extra: {
          [key('credential-id')]: [expect.stringMatching(/^JTI=/)],
          [key('pod-name')]: ['bound'],
          [key('pod-uid')]: [pod.metadata.uid],
          [key('node-name')]: ['nobody-knows'],
        },
      },
    });
    expect(Object.keys(status.user.extra)).not.toContain(key('node-uid'));
    await api.call(admin, `DELETE ${pods}/bound`, { gracePeriodSeconds: 0 });
    expect((await review(token)).status).toEqual({
      user: {},
      error: '[invalid bearer token, service account token has been invalidated]',
    });
    expect((await api.call({ token }, 'GET /api')).status).toBe(401);
  });

  it('ends with the account, though another of its name follows', async () => {
    const accounts = '/api/v1/namespaces/default/serviceaccounts';
    await api.call(admin, `POST ${accounts}`, { metadata: { name: 'builder' } });
    const token = await issue('builder');
    expect((await api.call({ token }, 'GET /api')).status).toBe(200);
    await api.call(admin, `DELETE ${accounts}/builder`);
    expect((await api.call({ token }, 'GET /api')).status).toBe(401);
    await api.call(admin, `POST ${accounts}`, { metadata: { name: 'builder' } });
    expect((await review(token)).status.error).toContain('does not match claim');
  });

  it('judges by the audiences it is asked for', async () => {
    const token = await issue('default', { audiences: ['vault'] });
    expect((await api.call({ token }, 'GET /api')).status).toBe(401);
    expect((await review(token, ['vault', 'x'])).status).toMatchObject({ authenticated: true, audiences: ['vault'] });
    expect((await review(token)).status.error).toContain('token audiences ["vault"] is invalid');
  });

  it.each([
    ['rubbish', { user: {}, error: 'invalid bearer token' }],
    ['abcdef.0123456789abcdef', { user: {}, error: 'invalid bearer token' }],
  ])('does not know %s', async (token, status) => {
    expect((await review(token)).status).toEqual(status);
  });

  it('knows no token by what it begins with', async () => {
    const data = { 'token-id': 'abcdee', 'token-secret': '0123456789abcdef', 'usage-bootstrap-authentication': 'true' };
    const type = 'bootstrap.kubernetes.io/token';
    await api.call(admin, 'POST /api/v1/namespaces/kube-system/secrets', {
      ...{ metadata: { name: 'bootstrap-token-abcdee' }, type },
      stringData: data,
    });
    for (const token of ['abcdee.0123456789abcdef', await issue('default')]) {
      expect((await review(token)).status).toMatchObject({ authenticated: true });
      for (const more of [' x', '\t', ' '])
        expect((await review(token + more)).status).not.toHaveProperty('authenticated');
    }
  });

  it('without a token is a mistake', async () => {
    expect((await review('')).message).toContain('token is required');
  });

  it('of a token that cannot be looked up now is a fault, and no verdict', async () => {
    const inner = memoryStore({ clock: new FakeClock() });
    const secret = '/registry/core/secrets/kube-system/bootstrap-token-abcdef';
    const store = storeWith(inner, {
      get: async (key, ctx) => {
        if (key === secret) throw new Error('the store is away');
        return await inner.get(key, ctx);
      },
    });
    await using other = await testCluster({ store });
    const spec = { token: 'abcdef.0123456789abcdef' };
    const answer = await other.call(admin, 'POST /apis/authentication.k8s.io/v1/tokenreviews', { spec });
    expect(answer.status).toBe(500);
    expect(answer.object.kind).toBe('Status');
  });
});
