import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { loopbackTransport } from '@kubernest/apiserver/handlers';
import { createClient } from '@kubernest/client';
import { childContext, Metrics } from '@kubernest/kit';
import { admin, type TestCluster, testCluster } from '@kubernest/testkit/cluster';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { monitoring } from './monitoring.ts';

let api: TestCluster;
let port: number;
let stop: () => Promise<void>;
const metrics = new Metrics();

const client = () => createClient(loopbackTransport(api.server, { username: 'system:kube-scheduler', groups: [] }));

beforeAll(async () => {
  api = await testCluster();
  port = await freePort();
  const { ctx, controller } = childContext(api.ctx);
  const { done } = await monitoring({ config: { address: '127.0.0.1', port }, client: client(), metrics }).start(ctx);
  stop = () => {
    controller.abort();
    return done;
  };
});
afterAll(async () => {
  await stop();
  await api[Symbol.asyncDispose]();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return free;
}

async function get(path: string, token?: string, method = 'GET') {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const asked = request({ host: '127.0.0.1', port, path, method, headers, rejectUnauthorized: false }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const parts = await response.toArray();
  return { status: response.statusCode, headers: response.headers, text: Buffer.concat(parts as Buffer[]).toString() };
}

const tokenOf = async (account: string): Promise<string> => {
  const accounts = '/api/v1/namespaces/default/serviceaccounts';
  await api.call(admin, `POST ${accounts}`, { metadata: { name: account } });
  const { object } = await api.call(admin, `POST ${accounts}/${account}/token`, { spec: {} });
  return object.status.token as string;
};

it.each(['/healthz', '/livez', '/readyz?verbose'])('anybody is told at %s that it runs', async (path) => {
  expect(await get(path)).toMatchObject({ status: 200, text: 'ok' });
});

it('what it counts is told to whom the API server lets read /metrics', async () => {
  metrics.counter({ name: 'looks_total', help: 'Looks.', labels: [] }).of().add(7);
  const user = 'system:serviceaccount:default:reader';
  const token = await tokenOf('reader');
  expect((await get('/metrics', token)).status).toBe(403);
  await api.grant(user, [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }]);
  const { status, headers, text } = await get('/metrics', token);
  expect([status, headers['content-type']]).toEqual([200, expect.stringMatching(/^text\/plain; version=/)]);
  expect(text).toMatch(/^looks_total 7$/m);
  expect(text).toMatch(/^kubernetes_build_info\{.*git_version="v1/m);
  expect(text).toMatch(/^process_resident_memory_bytes \d/m);
});

it.each([
  ['/metrics', undefined, 'GET', 403],
  ['/metrics', 'rubbish', 'GET', 401],
  ['/metrics', 'rubbish', 'POST', 405],
  ['/other', undefined, 'GET', 404],
])('%s as %s by %s is %i', async (path, token, method, status) => {
  expect((await get(path, token, method)).status).toBe(status);
});

it('a port that somebody has is told at once, and port 0 takes none', async () => {
  const parts = { client: client(), metrics };
  const start = (at: number) => monitoring({ config: { address: '127.0.0.1', port: at }, ...parts }).start(api.ctx);
  await expect(start(port)).rejects.toThrow(`EADDRINUSE: address already in use 127.0.0.1:${port}`);
  await expect(start(0)).resolves.toMatchObject({ done: expect.any(Promise) });
});
