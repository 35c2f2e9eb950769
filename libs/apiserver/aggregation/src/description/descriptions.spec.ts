import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { dialerTo, type Serving, testContext } from '@kubernest/apiserver/dialer/testing';
import { silentLogger } from '@kubernest/kit';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { apiService, backendServer, type Trusted, trusted } from '../aggregated.fixture.ts';
import { type Backend, backendOf } from '../backend.ts';
import { Descriptions } from './descriptions.ts';

let trust: Trusted;
beforeAll(async () => {
  trust = await trusted();
});

const backend = (available = 'True', spec = {}): Backend => backendOf(apiService(trust.pki, spec, available))!;

/** Descriptions of one server, and each change of them. */
function describing({ port }: Pick<Serving, 'port'>) {
  const { ctx: plain, clock, end } = testContext();
  onTestFinished(() => end.abort(new Error('over')));
  const warn = vi.fn();
  const ctx = { ...plain, log: { ...silentLogger, warn } };
  let tell = () => {};
  const descriptions = new Descriptions(
    { dialer: dialerTo(port, ctx), clientCertificate: () => trust.frontProxy },
    () => tell(),
  );
  const changed = () => new Promise<void>((resolve) => (tell = resolve));
  let before: Backend | undefined;
  const follow = (now: Backend | undefined) => {
    const change = { now, before };
    before = now;
    descriptions.follow(change, ctx);
  };
  /** Until all is said that is said now. */
  const until = async (isSo: (now: ReturnType<typeof only>) => boolean) => {
    while (!isSo(only())) await changed();
    await new Promise(setImmediate);
    return only();
  };
  const only = () => descriptions.all()[0]!;
  return { descriptions, follow, until, only, clock, warn };
}

const resources = [
  {
    resource: 'trees',
    responseKind: { group: 'orchard.example', version: 'v1', kind: 'Tree' },
    scope: 'Namespaced',
    singularResource: 'tree',
    verbs: ['get'],
  },
];
const v2 = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const groups = (name = 'orchard.example') =>
  JSON.stringify({
    kind: 'APIGroupDiscoveryList',
    items: [{ metadata: { name }, versions: [{ version: 'v1', freshness: 'Current', resources }] }],
  });
const list = (groupVersion = 'orchard.example/v1') => {
  const one = { name: 'trees', singularName: 'tree', namespaced: true, kind: 'Tree', verbs: ['get'] };
  return JSON.stringify({ kind: 'APIResourceList', groupVersion, resources: [one] });
};

type Answers = Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => unknown>>;

/** Answers by path, and keeps what it was asked. */
function answering(answers: Answers): { readonly listener: RequestListener; readonly asked: IncomingMessage[] } {
  const asked: IncomingMessage[] = [];
  const listener: RequestListener = (request, response) => {
    asked.push(request);
    const answer = answers[request.url ?? ''];
    if (answer) answer(request, response);
    else response.writeHead(404).end();
  };
  return { listener, asked };
}

const aggregated =
  (text = groups(), headers = {}) =>
  (_request: IncomingMessage, response: ServerResponse) =>
    response.writeHead(200, { 'content-type': v2, ...headers }).end(text);
const plain =
  (text: string, headers = {}) =>
  (_request: IncomingMessage, response: ServerResponse) =>
    response.writeHead(200, headers).end(text);

async function behind(answers: Answers) {
  const { listener, asked } = answering(answers);
  const server = await backendServer(trust, listener);
  return { ...describing(server), asked, server };
}

const swagger = JSON.stringify({ swagger: '2.0', paths: { '/apis/orchard.example/v1/trees': { get: {} } } });
const index = (url: string) => JSON.stringify({ paths: { 'apis/orchard.example/v1': { serverRelativeURL: url } } });

test('a backend is asked for everything that it says, as the aggregator', async () => {
  const document = '{"openapi":"3.0.0"}';
  const { follow, until, asked } = await behind({
    '/apis': aggregated(),
    '/openapi/v3': plain(index('/openapi/v3/apis/orchard.example/v1?hash=A')),
    '/openapi/v3/apis/orchard.example/v1?hash=A': plain(document),
    '/openapi/v2': plain(swagger),
  });
  follow(backend());
  const said = await until(({ openApiV2 }) => openApiV2 !== undefined);
  expect(said).toMatchObject({ isCurrent: true, resources });
  expect(String(said.openApiV3?.bytes)).toBe(document);
  expect(Object.keys(said.openApiV2!.paths)).toEqual(['/apis/orchard.example/v1/trees']);
  const [first] = asked;
  expect(first!.headers).toMatchObject({
    'x-remote-user': 'system:kube-aggregator',
    'x-remote-group': 'system:masters',
    accept: expect.stringMatching(/v=v2;.*v=v2beta1;/),
  });
});

test.each<[string, Answers]>([
  ['knows no list of groups', { '/apis': plain('{"kind":"APIGroupList"}'), '/apis/orchard.example/v1': plain(list()) }],
  ['knows nothing above', { '/apis/orchard.example/v1': plain(list()) }],
])('one that %s is asked for its group-version', async (_what, answers) => {
  const { follow, until } = await behind(answers);
  follow(backend());
  expect(await until(({ isCurrent }) => isCurrent)).toMatchObject({ resources });
});

describe('one that says what cannot be believed is stale, and says nothing:', () => {
  const endless = (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': v2 });
    const more = (): void =>
      void (response.write('x'.repeat(65536)) ? setImmediate(more) : response.once('drain', more));
    response.on('error', () => {});
    more();
  };
  test.each<[string, Answers]>([
    ['no JSON', { '/apis': aggregated('<html>') }],
    ['another group-version', { '/apis/orchard.example/v1': plain(list('apps/v1')) }],
    ['without an end', { '/apis': endless }],
    ['half of it', { '/apis': (_request, response) => void response.write('{', () => response.destroy()) }],
    ['not now', { '/apis': (_request, response) => response.writeHead(503).end() }],
  ])('%s', async (_what, answers) => {
    const { follow, only, warn } = await behind(answers);
    const warned = new Promise<void>((resolve) => warn.mockImplementation(() => resolve()));
    follow(backend());
    await warned;
    expect(only()).toMatchObject({ isCurrent: false, resources: [] });
  });

  test('nothing in its time', async () => {
    const { follow, only, warn, clock, server } = await behind({ '/apis': () => {} });
    const asked = new Promise((resolve) => server.server.once('request', resolve));
    const warned = new Promise<void>((resolve) => warn.mockImplementation(() => resolve()));
    follow(backend());
    await asked;
    await clock.advance(5_000);
    await warned;
    expect(only()).toMatchObject({ isCurrent: false, resources: [] });
  });
});

test('that another group is served as well, or only, is nobody’s business', async () => {
  const { follow, until } = await behind({ '/apis': aggregated(groups('apps')) });
  follow(backend());
  expect(await until(({ isCurrent }) => isCurrent)).toMatchObject({ resources: [] });
});

test('OpenAPI that cannot be read leaves the rest as it is', async () => {
  const huge = `{"swagger":"2.0","paths":{${' '.repeat(5 * 1024 * 1024)}}}`;
  const { follow, only, warn } = await behind({
    '/apis': aggregated(),
    '/openapi/v3': plain(index('https://elsewhere.example/')),
    '/openapi/v2': plain(huge),
  });
  const warned = new Promise<void>((resolve) => warn.mockImplementation(() => resolve()));
  follow(backend());
  await warned;
  expect(only()).toMatchObject({ isCurrent: true, resources });
  expect(only().openApiV3).toBeUndefined();
});

test('of one that has OpenAPI v2 alone, v3 is made of that, and made anew with it', async () => {
  let text = swagger;
  const { follow, until, clock } = await behind({
    '/apis': aggregated(),
    '/openapi/v2': (request, response) => plain(text)(request, response),
  });
  follow(backend());
  const documentOf = ({ openApiV3 }: { readonly openApiV3?: { readonly bytes: Uint8Array } }) =>
    JSON.parse(String(openApiV3!.bytes)) as { readonly paths: object };
  const first = await until(({ openApiV3 }) => openApiV3 !== undefined);
  expect(documentOf(first)).toMatchObject({
    openapi: '3.0.0',
    paths: { '/apis/orchard.example/v1/trees': { get: {} } },
  });
  text = swagger.replaceAll('trees', 'leaves');
  const next = until(({ openApiV3 }) => openApiV3 !== undefined && openApiV3.hash !== first.openApiV3!.hash);
  await clock.advance(60_000);
  expect(Object.keys(documentOf(await next).paths)).toEqual(['/apis/orchard.example/v1/leaves']);
});

test('of one whose OpenAPI v3 leaves the group-version out, nothing is made of v2', async () => {
  const { follow, until } = await behind({
    '/apis': aggregated(),
    '/openapi/v3': plain('{"paths":{}}'),
    '/openapi/v2': plain(swagger),
  });
  follow(backend());
  expect((await until(({ openApiV2 }) => openApiV2 !== undefined)).openApiV3).toBeUndefined();
});

describe('what was said last is kept', () => {
  test('while it does not answer, and is asked for again soon', async () => {
    let answer: Answers[string] = aggregated();
    const { follow, until, clock } = await behind({
      '/apis': (request, response) => answer(request, response),
      '/openapi/v2': plain(swagger),
    });
    follow(backend());
    await until(({ openApiV2 }) => openApiV2 !== undefined);
    answer = (_request, response) => response.destroy();
    const stale = until(({ isCurrent }) => !isCurrent);
    await clock.advance(60_000);
    expect(await stale).toMatchObject({ resources });
    answer = aggregated();
    const back = until(({ isCurrent }) => isCurrent);
    await clock.advance(500);
    expect(await back).toMatchObject({ resources });
  });

  test('while it is not available, and it is not asked then', async () => {
    const { follow, until, only, asked } = await behind({ '/apis': aggregated() });
    follow(backend());
    await until(({ isCurrent }) => isCurrent);
    follow(backend('False'));
    expect(only()).toMatchObject({ isCurrent: false, resources });
    const before = asked.length;
    follow(backend());
    await until(({ isCurrent }) => isCurrent);
    expect(asked.length).toBeGreaterThan(before);
  });

  test('but not of another server of the same name, and not of one that has gone', async () => {
    const { follow, until, descriptions, only } = await behind({ '/apis': aggregated() });
    follow(backend());
    await until(({ isCurrent }) => isCurrent);
    follow(backend('False', { service: { namespace: 'shop', name: 'other', port: 443 } }));
    expect(only()).toMatchObject({ isCurrent: false, resources: [] });
    follow(undefined);
    expect(descriptions.all()).toEqual([]);
  });
});
