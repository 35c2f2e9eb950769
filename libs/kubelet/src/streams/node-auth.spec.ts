import { accessReviews } from '@kubernest/apiserver/access';
import type { TokenAuthority } from '@kubernest/apiserver/authn';
import { authorizers, reconcileDefaults } from '@kubernest/apiserver/authz';
import { createApiServer, loopbackTransport } from '@kubernest/apiserver/engine';
import { createClient } from '@kubernest/client';
import { builtinKinds } from '@kubernest/kinds';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { apiserverKubeletClientIdentity as identity } from '@kubernest/pki';
import { memoryStore } from '@kubernest/store/memory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessOf, type Caller, NodeAuth } from './node-auth.ts';

const stop = new AbortController();
const ctx: Context = { signal: stop.signal, clock: new FakeClock(), log: silentLogger };
const apiServer: Caller = {
  username: identity.commonName,
  groups: [...(identity.organizations ?? []), 'system:authenticated'],
};
const ann: Caller = { username: 'ann', groups: ['system:authenticated'] };

let server: ReturnType<typeof createApiServer>;
let auth: NodeAuth;
beforeAll(async () => {
  server = createApiServer({
    store: memoryStore({ clock: ctx.clock }),
    definitions: builtinKinds,
    authenticators: () => [],
    authorizers,
    admission: () => [],
    subresources: () => [],
    virtual: (core) => accessReviews(core, {} as TokenAuthority),
    version: { gitVersion: 'v1.36.0+kubernest', major: '1', minor: '36' },
  });
  await server.start(ctx);
  await reconcileDefaults(server.core, [], ctx);
  const node = { username: 'system:node:n1', groups: ['system:nodes', 'system:authenticated'] };
  auth = new NodeAuth(createClient(loopbackTransport(server, node)), 'n1');
});
afterAll(() => stop.abort());

const paths =
  '/exec /attach /portForward /run /containerLogs /pods /runningpods /healthz /stats/summary /metrics /metrics/resource /logs /configz /x';

describe.each(paths.split(' '))('%s of a node', (path) => {
  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])(
    'is the API server’s to %s, as whom its certificate makes it, and no stranger’s',
    async (method) => {
      const access = accessOf(method, path);
      expect(await auth.mayAccess(apiServer, access, ctx)).toBe(true);
      expect(await auth.mayAccess(ann, access, ctx)).toBe(false);
    },
  );
});

describe('whoever holds the API server’s certificate for nodes', () => {
  const create = (path: string, object: object) =>
    createClient(loopbackTransport(server, apiServer)).raw({ method: 'POST', path, body: object as never }, ctx);

  it.each([
    ['get', '', 'secrets', ''],
    ['list', '', 'secrets', ''],
    ['create', '', 'pods', ''],
    ['create', '', 'pods', 'exec'],
    ['create', '', 'serviceaccounts', 'token'],
    ['delete', '', 'nodes', ''],
    ['impersonate', '', 'users', ''],
    ['bind', 'rbac.authorization.k8s.io', 'clusterroles', ''],
  ])('may not %s %s%s/%s at the API itself', async (verb, group, resource, subresource) => {
    const resourceAttributes = { verb, group, version: '*', resource, subresource, namespace: 'default' };
    const answer = await create('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      metadata: {},
      spec: { resourceAttributes },
    });
    expect(answer.object).toMatchObject({ status: { allowed: false } });
  });
});
