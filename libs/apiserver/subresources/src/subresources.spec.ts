import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AdmissionCall, BytesResponse, StreamResponse } from '@kubernest/apiserver/engine';
import { requestFor, type TestServer, testServer } from '@kubernest/apiserver/engine/testing';
import { builtinKinds } from '@kubernest/kinds';
import { forbidden } from '@kubernest/meta';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtinSubresources } from './builtin-subresources.ts';
import { directDialer, type NodeDialer } from './node-dialer.ts';

/** Answers with what it was asked, in the place of a node's agent and of a pod. */
let echo: Server;
let api: TestServer;
const connects: AdmissionCall[] = [];

beforeAll(async () => {
  echo = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    if (request.url === '/page')
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<a href="/next">next</a>');
    if (request.url === '/old') return void response.writeHead(302, { location: '/new' }).end();
    if (request.url === '/broken') return void response.writeHead(418, { 'x-kept': 'yes' }).end('teapot');
    if (request.url?.includes('/containerLogs/space/waiting/'))
      return void response.writeHead(400).end('container "c" in pod "waiting" is waiting to start\n');
    response.end(`${request.method} ${request.url} ${body} ${JSON.stringify(request.headers)}`);
  });
  await new Promise<void>((listening) => echo.listen(0, '127.0.0.1', listening));
  const { port } = echo.address() as AddressInfo;
  const here = { protocol: 'http:', host: '127.0.0.1', port };
  const dialer: NodeDialer = { toNode: () => here, toPod: () => here };
  const tokens = { audiences: ['api'], issue: async () => ({ token: 'made', expiresAt: new Date() }) };
  api = await testServer({
    subresources: () => builtinSubresources({ definitions: builtinKinds, dialer, tokens }),
    authorizers: () => [
      {
        name: 'readers-only-read',
        authorize: ({ user, info }) =>
          user.username === 'reader' && info.verb !== 'get'
            ? { verdict: 'no-opinion', reason: '' }
            : { verdict: 'allow', reason: '' },
      },
    ],
    plugins: [
      {
        name: 'door',
        sees: { resources: ['pods'], subresources: ['*'], on: ['connect'] },
        validate: (call) => {
          connects.push(call);
          if (call.user.username === 'unwelcome')
            throw forbidden({ group: '', resource: 'pods', name: call.info.name! }, 'the door is shut');
        },
      },
    ],
  });
  await pod('one', { nodeName: 'n' }, { podIP: '10.0.0.1', phase: 'Running' });
  await pod('two', { nodeName: 'n', containers: [container('a'), container('b')] }, { phase: 'Running' });
  await pod('over', { nodeName: 'n' }, { phase: 'Succeeded' });
  await pod('waiting', { nodeName: 'n' });
  await pod('unbound');
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  echo.close();
});

const container = (name: string) => ({ name, image: 'i', ports: [{ name: 'web', containerPort: 8080 }] });
const pods = '/api/v1/namespaces/space/pods';

async function pod(name: string, spec: object = {}, status?: object): Promise<void> {
  const made = await api.call(`POST ${pods}`, { metadata: { name }, spec: { containers: [container('c')], ...spec } });
  expect(made.status).toBe(201);
  if (status) expect((await api.call(`PUT ${pods}/${name}/status`, { ...made.object, status })).status).toBe(200);
}

/** The text of a stream, or the Status of a refusal. */
async function streamed(line: string, body?: unknown, headers?: Record<string, string>) {
  const answer = (await api.server.handle(requestFor(line, body, headers), api.ctx)) as StreamResponse | BytesResponse;
  const parts: Uint8Array[] = [];
  if (answer.kind === 'bytes') parts.push(...answer.body);
  else
    await answer.run(
      {
        async write(bytes) {
          parts.push(bytes);
        },
      },
      api.ctx,
    );
  return { status: answer.status, headers: answer.headers, text: Buffer.concat(parts).toString() };
}

describe('a log', () => {
  test('is asked of the agent with what it knows, and passed on as it comes', async () => {
    const { status, headers, text } = await streamed(`GET ${pods}/one/log?follow=true&tailLines=3&pretty=true`);
    expect([status, headers['content-type']]).toEqual([200, 'text/plain']);
    expect(text).toMatch(/^GET \/containerLogs\/space\/one\/c\?follow=true&tailLines=3 /);
  });

  test.each([
    ['two/log', 400, 'a container name must be specified for pod two, choose one of: [a b]'],
    ['two/log?container=z', 400, 'container z is not valid for pod two'],
    ['one/log?tailLines=-1', 400, 'tailLines must be a whole number not below 0, got "-1"'],
    ['one/log?sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z', 400, /at most one of/],
    ['waiting/log', 400, 'container "c" in pod "waiting" is waiting to start'],
    ['nobody/log', 404, 'pods "nobody" not found'],
  ])('%s is refused in words', async (path, code, message) => {
    const { object } = await api.call(`GET ${pods}/${path}`);
    expect(object).toMatchObject({
      kind: 'Status',
      code,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  test('of a pod that runs nowhere yet is empty', async () => {
    expect(await api.call(`GET ${pods}/unbound/log`)).toMatchObject({ status: 200, text: '' });
  });
});

describe('a session', () => {
  test.each([
    ['GET', 'one/exec?command=ls', 'Upgrade request required'],
    ['POST', 'one/attach', 'Upgrade request required'],
    ['POST', 'unbound/exec?command=ls', 'pod unbound does not have a host assigned'],
    ['POST', 'over/exec?command=ls', 'cannot exec into a container in a completed pod; current phase is Succeeded'],
    ['POST', 'two/exec?command=ls', 'a container name must be specified for pod two, choose one of: [a b]'],
  ])('%s %s cannot be opened: %s', async (method, path, message) => {
    expect((await api.call(`${method} ${pods}/${path}`)).object).toMatchObject({ code: 400, message });
  });

  test.each(['exec', 'attach', 'portforward'])('%s needs create, whatever the method', async (name) => {
    const { object } = await api.call(`GET ${pods}/one/${name}`, undefined, { 'x-user': 'reader' });
    expect(object).toMatchObject({
      code: 403,
      message: `pods "one" is forbidden: User "reader" cannot create resource "pods/${name}" in API group "" in the namespace "space"`,
    });
  });

  test('is seen by admission before it is opened', async () => {
    connects.length = 0;
    const { object } = await api.call(`POST ${pods}/one/exec?command=ls`, undefined, { 'x-user': 'unwelcome' });
    expect(object).toMatchObject({ code: 403, message: expect.stringContaining('the door is shut') });
    expect(connects).toMatchObject([{ operation: 'connect', info: { name: 'one', subresource: 'exec' } }]);
  });
});

describe('a proxy', () => {
  test('passes method, path, query and body on, and nobody’s credentials', async () => {
    const headers = { authorization: 'Bearer secret', cookie: 'a=b', 'x-mine': 'kept', 'impersonate-user': 'ann' };
    const { text } = await streamed(`POST ${pods}/one:web/proxy/a%20b/?q=1`, 'hello', headers);
    expect(text).toMatch(/^POST \/a%20b\/\?q=1 hello /);
    expect(text).toContain('"x-mine":"kept"');
    expect(text).not.toMatch(/secret|a=b|impersonate/);
  });

  test('hands back what the application answered, errors too', async () => {
    expect(await streamed(`GET ${pods}/one/proxy/broken`)).toMatchObject({
      status: 418,
      text: 'teapot',
      headers: { 'x-kept': 'yes' },
    });
  });

  test('leads links and redirections through itself, and its bare path to the first page', async () => {
    const base = `${pods}/one/proxy`;
    expect(await streamed(`GET ${base}/page`)).toMatchObject({ text: `<a href="${base}/next">next</a>` });
    expect(await streamed(`GET ${base}/old`)).toMatchObject({ status: 302, headers: { location: `${base}/new` } });
    expect(await api.call(`GET ${base}?q=1`)).toMatchObject({ status: 301, headers: { location: `${base}/?q=1` } });
    expect((await streamed(`POST ${base}`)).text).toMatch(/^POST \/ /);
  });

  test('may be opened by who may only get, and is seen by admission', async () => {
    connects.length = 0;
    const { status } = await streamed(`GET ${pods}/one/proxy/`, undefined, { 'x-user': 'reader' });
    expect(status).toBe(200);
    expect(connects).toHaveLength(1);
  });

  test('to a pod without an address is refused', async () => {
    expect((await api.call(`GET ${pods}/unbound/proxy/`)).object).toMatchObject({ code: 400 });
  });
});

describe('a binding', () => {
  const bind = (name: string, body: object) => api.call(`POST ${pods}/${name}/binding`, body);
  const to = (node: string, metadata: object = {}) => ({ metadata, target: { kind: 'Node', name: node } });

  test('says where a pod runs, once and for good', async () => {
    await pod('bound');
    expect(await bind('bound', to('n1'))).toMatchObject({ status: 201, object: { kind: 'Status', status: 'Success' } });
    const { object } = await api.call(`GET ${pods}/bound`);
    expect(object).toMatchObject({
      metadata: { generation: 1 },
      spec: { nodeName: 'n1' },
      status: { conditions: [{ type: 'PodScheduled', status: 'True' }] },
    });
    expect((await bind('bound', to('n2'))).object).toMatchObject({
      code: 409,
      message: expect.stringContaining('pod bound is already assigned to node "n1"'),
    });
  });

  test('to nothing, to no Node, of another pod or of a gated one is refused', async () => {
    await pod('gated', { schedulingGates: [{ name: 'later' }] });
    expect((await bind('unbound', { metadata: {}, target: {} })).status).toBe(400);
    expect((await bind('unbound', { metadata: {}, target: { kind: 'Pod', name: 'n' } })).status).toBe(400);
    expect((await bind('unbound', to('n', { uid: 'another' }))).object).toMatchObject({ code: 409 });
    expect((await bind('gated', to('n'))).object).toMatchObject({ code: 409 });
    expect((await api.call(`GET ${pods}/unbound`)).object.spec.nodeName).toBeUndefined();
  });
});

describe('an eviction', () => {
  const evict = (name: string, extra: object = {}) =>
    api.call(`POST ${pods}/${name}/eviction`, {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name },
      ...extra,
    });

  test('deletes the pod, and on a dry run does not', async () => {
    await pod('evicted');
    expect(await evict('evicted', { deleteOptions: { dryRun: ['All'] } })).toMatchObject({ status: 201 });
    expect((await api.call(`GET ${pods}/evicted`)).status).toBe(200);
    expect(await evict('evicted')).toMatchObject({ status: 201, object: { status: 'Success' } });
    expect((await api.call(`GET ${pods}/evicted`)).status).toBe(404);
  });

  test('of another pod than the path names is refused', async () => {
    expect((await evict('one', { metadata: { name: 'two' } })).status).toBe(400);
  });
});

describe('a scale', () => {
  const path = '/apis/apps/v1/namespaces/space/deployments/web';
  const merge = { 'content-type': 'application/merge-patch+json' };
  beforeAll(() =>
    api.call('POST /apis/apps/v1/namespaces/space/deployments', {
      metadata: { name: 'web' },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container('c')] } },
      },
    }),
  );

  test('is read, replaced and patched, and moves the replicas alone', async () => {
    const { object: scale } = await api.call(`GET ${path}/scale`);
    expect(scale).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      spec: { replicas: 2 },
      status: { replicas: 0, selector: 'app=web' },
    });
    const put = await api.call(`PUT ${path}/scale`, { ...scale, spec: { replicas: 5 } });
    expect(put.object.spec).toEqual({ replicas: 5 });
    await api.call(`PATCH ${path}/scale`, { spec: { replicas: 7 } }, merge);
    const { object: deployment } = await api.call(`GET ${path}`);
    expect(deployment).toMatchObject({ spec: { replicas: 7 }, metadata: { generation: 3 } });
  });

  test('that is stale, below nothing or of another name is refused', async () => {
    const { object: scale } = await api.call(`GET ${path}/scale`);
    const with_ = (metadata: object, replicas: number) =>
      api.call(`PUT ${path}/scale`, { ...scale, metadata: { ...scale.metadata, ...metadata }, spec: { replicas } });
    expect((await with_({ resourceVersion: '1' }, 1)).object).toMatchObject({ code: 409, reason: 'Conflict' });
    expect((await with_({}, -1)).object).toMatchObject({ code: 422, reason: 'Invalid' });
    expect((await with_({ name: 'other' }, 1)).status).toBe(400);
  });
});

describe('a token', () => {
  const account = '/api/v1/namespaces/space/serviceaccounts';
  const ask = (spec: object) => api.call(`POST ${account}/bot/token`, { spec });
  beforeAll(() => api.call(`POST ${account}`, { metadata: { name: 'bot' } }));

  test('is made for an hour and the API server unless asked otherwise', async () => {
    expect(await ask({})).toMatchObject({
      status: 201,
      object: {
        kind: 'TokenRequest',
        spec: { audiences: ['api'], expirationSeconds: 3600 },
        status: { token: 'made' },
      },
    });
  });

  test.each([
    ['too short', { expirationSeconds: 599 }, 422],
    ['too long', { expirationSeconds: 2 ** 32 + 1 }, 422],
    ['bound to a kind that cannot hold it', { boundObjectRef: { kind: 'Service', name: 'x' } }, 400],
    ['bound to nobody', { boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'nobody' } }, 404],
    ['bound to another account’s pod', { boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'one' } }, 400],
  ])('%s is refused', async (_what, spec, code) => {
    expect((await ask(spec)).object).toMatchObject({ kind: 'Status', code });
  });

  test('of nobody is refused', async () => {
    expect((await api.call(`POST ${account}/nobody/token`, { spec: {} })).object).toMatchObject({
      code: 404,
      message: 'serviceaccounts "nobody" not found',
    });
  });
});

describe('the direct dialer', () => {
  const dialer = directDialer(() => ({ ca: 'ca', cert: 'cert', key: 'key' }));
  const reader = (node?: object) => ({ get: () => node }) as never;

  test('goes to the address that a node prefers and the port its agent told', () => {
    const addresses = [
      { type: 'Hostname', address: 'n' },
      { type: 'InternalIP', address: '192.0.2.7' },
    ];
    const daemonEndpoints = { kubeletEndpoint: { Port: 10260 } };
    expect(dialer.toNode('n', reader({ status: { addresses, daemonEndpoints } }))).toEqual({
      protocol: 'https:',
      host: '192.0.2.7',
      port: 10260,
      ca: 'ca',
      cert: 'cert',
      key: 'key',
    });
    expect(dialer.toNode('n', reader({ status: { addresses } })).port).toBe(10250);
  });

  test('says which node it does not know or cannot reach', () => {
    expect(() => dialer.toNode('n', reader())).toThrow('nodes "n" not found');
    expect(() => dialer.toNode('n', reader({}))).toThrow('node "n" has no address yet');
  });
});
