import { once } from 'node:events';
import { connect } from 'node:tls';
import type { Client } from '@kubernest/client';
import { type Context, Current, FakeClock, silentLogger } from '@kubernest/kit';
import {
  type CertifiedKey,
  apiserverKubeletClientIdentity as identity,
  issueAuthority,
  issueCertificate,
  kubeletServingIdentity,
} from '@kubernest/pki';
import { certificateFor, usageOids } from '@kubernest/pki/testing';
import { type TestCluster, testCluster } from '@kubernest/testkit/cluster';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { accessOf, type Caller, NodeAuth } from './node-auth.ts';
import { type NodeServerOptions, serveNode } from './node-server.ts';

const stop = new AbortController();
const ctx: Context = { signal: stop.signal, clock: new FakeClock(), log: silentLogger };
const apiServer: Caller = {
  username: identity.commonName,
  groups: [...(identity.organizations ?? []), 'system:authenticated'],
};
const ann: Caller = { username: 'ann', groups: ['system:authenticated'] };

let cluster: TestCluster;
let client: Client;
let auth: NodeAuth;
beforeAll(async () => {
  cluster = await testCluster();
  client = cluster.as('system:node:n1', ['system:nodes']);
  auth = new NodeAuth(client, 'n1');
});
afterAll(async () => {
  stop.abort();
  await cluster[Symbol.asyncDispose]();
});

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
    cluster.as(apiServer.username, apiServer.groups).raw({ method: 'POST', path, body: object as never }, ctx);

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

describe('the agent', () => {
  const clock = new FakeClock(new Date());
  const now: Context = { ...ctx, clock };
  const lifetime = 60_000;
  let authority: CertifiedKey;
  let port: number;
  beforeAll(async () => {
    authority = await issueAuthority('test', now);
    const serving = await issueCertificate(authority, kubeletServingIdentity('n1', ['127.0.0.1']), now);
    const options = {
      port: 0,
      tls: new Current({ cert: serving.certificate, key: serving.key, clientCa: authority.certificate }),
      background: [],
      client,
      parts: { nodeName: 'n1' },
    } as unknown as NodeServerOptions;
    port = await serveNode(options, now);
  });

  /** Asks for what is nowhere, again and again on one connection. */
  function connection({ certificate: cert, key }: CertifiedKey) {
    const socket = connect({ port, host: '127.0.0.1', ca: authority.certificate, cert, key });
    onTestFinished(() => void socket.destroy());
    return async (): Promise<string | undefined> => {
      socket.write('GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n');
      const [head] = (await once(socket, 'data')) as [Buffer];
      return head.toString().split(' ')[1];
    };
  }

  it.each([
    ['for any usage', usageOids.any, '403'],
    ['for code', usageOids.code, '401'],
  ])('knows who shows a certificate %s, or not: %s, %s', async (_, usage, code) => {
    expect(await connection(await certificateFor(authority, { usages: [usage] }))()).toBe(code);
  });

  it('asks for the certificate at each request of a connection, and past its end it lets nobody in', async () => {
    const ask = connection(await issueCertificate(authority, { ...identity, lifetime }, now));
    expect(await ask()).toBe('404');
    await clock.advance(lifetime + 1000);
    expect(await ask()).toBe('401');
  });
});
