import type { RequestListener } from 'node:http';
import { dialerTo, type Serving, testContext } from '@kubernest/apiserver/dialer/testing';
import type { APIService } from '@kubernest/kinds';
import { childContext } from '@kubernest/kit';
import { atOnce } from '@kubernest/meta';
import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { apiService, backendServer, type Trusted, trusted } from './aggregated.fixture.ts';
import { Aggregation } from './aggregation.ts';

let trust: Trusted;
beforeAll(async () => {
  trust = await trusted();
});

const path = '/apis/orchard.example/v1';
const tree = { kind: 'Tree', apiVersion: 'orchard.example/v1', metadata: { name: 'oak' } };
const swagger = {
  swagger: '2.0',
  paths: { [`${path}/trees`]: { get: { responses: { 200: { schema: { $ref: '#/definitions/Tree' } } } } } },
  definitions: { Tree: { type: 'object' } },
};
const openApi = JSON.stringify({
  openapi: '3.0.0',
  info: {},
  paths: {},
  components: { schemas: { Tree: { type: 'object' } } },
});
const v3 = `/openapi/v3${path}`;
const answers: Readonly<Record<string, unknown>> = {
  [path]: {
    kind: 'APIResourceList',
    groupVersion: 'orchard.example/v1',
    resources: [{ name: 'trees', singularName: 'tree', namespaced: false, kind: 'Tree', verbs: ['get', 'list'] }],
  },
  [`${path}/trees`]: { kind: 'TreeList', apiVersion: 'orchard.example/v1', metadata: {}, items: [tree] },
  [`${path}/trees/oak`]: tree,
  '/openapi/v2': swagger,
  '/openapi/v3': { paths: { [path.slice(1)]: { serverRelativeURL: `${v3}?hash=1` } } },
  [`${v3}?hash=1`]: JSON.parse(openApi),
};

const orchard: RequestListener = ({ url = '', headers }, response) => {
  const answer = answers[url];
  response.writeHead(answer ? 200 : 404, { 'x-asked-by': headers['x-remote-user'] });
  response.end(JSON.stringify(answer ?? {}));
};

/** An API server with one behind it, whose APIServices are stored. */
class Cluster {
  constructor(
    readonly api: TestServer,
    readonly aggregation: Aggregation,
  ) {}

  static async before({ port }: Pick<Serving, 'port'>): Promise<Cluster> {
    const { ctx } = testContext();
    const reach = { dialer: dialerTo(port, ctx), clientCertificate: () => trust.frontProxy };
    const aggregation = new Aggregation(reach);
    return new Cluster(await testServer({ delegate: () => aggregation }), aggregation);
  }

  async add(object: APIService): Promise<void> {
    const { status: _, ...rest } = object;
    const all = '/apis/apiregistration.k8s.io/v1/apiservices';
    const { object: made } = await this.api.call(`POST ${all}`, rest);
    await this.api.call(`PUT ${all}/${object.metadata.name}/status`, { ...made, status: object.status });
  }

  async get(path: string, headers = {}) {
    return (await this.api.call(`GET ${path}`, undefined, headers)).object;
  }

  /** Asks at every turn, as who has only the API must. */
  async until<T>(ask: () => T | Promise<T>): Promise<NonNullable<T>> {
    for (;;) {
      const found = await ask();
      if (found) return found;
      await new Promise(setImmediate);
    }
  }

  described() {
    return this.until(() => atOnce(this.aggregation.apis().openApiV2({ paths: {} }))['definitions']);
  }
}

let cluster: Cluster;
let end: () => void;
beforeEach(async () => {
  cluster = await Cluster.before(await backendServer(trust, orchard));
  const { ctx, controller } = childContext(cluster.api.ctx);
  end = () => controller.abort(new Error('over'));
  await cluster.aggregation.runnable(cluster.api.server.core).start(ctx);
});
afterEach(async () => {
  end();
  await cluster.api[Symbol.asyncDispose]();
});

const aggregated = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' };
const names = (all: readonly { metadata: { name: string } }[]) => all.map(({ metadata }) => metadata.name);

test('one that comes is in discovery and OpenAPI with all that it says, and one that goes is not', async () => {
  const before = await cluster.api.call('GET /apis', undefined, aggregated);
  await cluster.add(apiService(trust.pki));
  await cluster.described();
  const merged = await cluster.api.call('GET /apis', undefined, aggregated);
  expect(merged.object.items.at(-1)).toMatchObject({
    metadata: { name: 'orchard.example' },
    versions: [{ version: 'v1', freshness: 'Current', resources: [{ resource: 'trees', singularResource: 'tree' }] }],
  });
  expect((await cluster.api.call('GET /apis', undefined, aggregated)).headers['etag']).toBe(merged.headers['etag']);
  const { groups } = await cluster.get('/apis');
  expect(groups.at(-1)).toMatchObject({ name: 'orchard.example', preferredVersion: { version: 'v1' } });
  expect(await cluster.get('/apis/orchard.example')).toEqual({ kind: 'APIGroup', apiVersion: 'v1', ...groups.at(-1) });
  expect((await cluster.get('/')).paths).toEqual(expect.arrayContaining([path, '/apis/orchard.example', v3]));
  const { definitions, paths } = await cluster.get('/openapi/v2');
  expect([definitions.Tree, Object.keys(paths[`${path}/trees`])]).toEqual([{ type: 'object' }, ['get']]);
  const { paths: index } = await cluster.get('/openapi/v3');
  const { serverRelativeURL } = index[path.slice(1)];
  expect(JSON.stringify(await cluster.get(serverRelativeURL))).toBe(openApi);

  await cluster.api.call('DELETE /apis/apiregistration.k8s.io/v1/apiservices/v1.orchard.example');
  const after = await cluster.api.call('GET /apis', undefined, aggregated);
  expect(after.headers['etag']).toBe(before.headers['etag']);
  expect(Object.keys((await cluster.get('/openapi/v3')).paths)).not.toContain(path.slice(1));
  expect((await cluster.api.call(`GET ${path}/trees`)).status).toBe(404);
});

test('kubectl’s way to check what it sends has the documents in protobuf', async () => {
  await cluster.add(apiService(trust.pki));
  await cluster.described();
  const accept = 'application/com.github.proto-openapi.spec.v3@v1.0+protobuf';
  const { status, text } = await cluster.api.call(`GET ${v3}`, undefined, { accept });
  expect([status, text.includes('Tree')]).toEqual([200, true]);
});

describe('one that is away', () => {
  test('is told of all the same, and nothing else is different', async () => {
    await cluster.add(apiService(trust.pki, {}, 'False'));
    const { items } = await cluster.get('/apis', aggregated);
    expect(items.at(-1).versions).toEqual([{ version: 'v1', freshness: 'Stale', resources: [] }]);
    expect(names(items)).toContain('apps');
    expect(await cluster.api.call(`GET ${path}/trees`)).toMatchObject({ status: 503, text: 'service unavailable\n' });
    expect(await cluster.api.call(`GET ${path}`)).toMatchObject({ status: 503 });
    expect((await cluster.api.call('GET /apis/apps/v1')).status).toBe(200);
    expect((await cluster.api.call('GET /api/v1/namespaces')).status).toBe(200);
  });

  test('is so to callers of this process, too', async () => {
    await cluster.add(apiService(trust.pki, {}, 'False'));
    const transport = cluster.api.transport('gc');
    await expect(transport.call({ method: 'GET', path: `${path}/trees` }, cluster.api.ctx)).rejects.toMatchObject({
      code: 503,
      message: 'service unavailable',
    });
  });
});

test('callers of this process read its objects', async () => {
  await cluster.add(apiService(trust.pki));
  const transport = cluster.api.transport('gc');
  const answer = await transport.call({ method: 'GET', path: `${path}/trees` }, cluster.api.ctx);
  expect(answer).toMatchObject({ status: 200, object: { items: [tree] } });
});

test('whoever may not is refused before anybody is asked', async () => {
  await cluster.add(apiService(trust.pki));
  expect((await cluster.api.call(`GET ${path}/trees`, undefined, { 'x-user': 'eve' })).status).toBe(403);
});

test('those of this server are its own, whatever the order that they ask for', async () => {
  const { service: _, caBundle: __, ...spec } = apiService(trust.pki, { group: 'apps' }).spec!;
  const local = { ...apiService(trust.pki, { group: 'apps' }), spec: { ...spec, groupPriorityMinimum: 1 } };
  await cluster.add(local as APIService);
  const { groups } = await cluster.get('/apis');
  expect(groups.at(-1).name).toBe('apps');
  expect((await cluster.api.call('GET /apis/apps/v1/deployments')).status).toBe(200);
});

test.each(['', 'apiregistration.k8s.io'])('group "%s" is never another server’s', async (group) => {
  await cluster.add(apiService(trust.pki, { group }));
  const root = group === '' ? '/api/v1/namespaces' : `/apis/${group}/v1/apiservices`;
  expect((await cluster.api.call(`GET ${root}`)).object.kind).toMatch(/List$/);
});
