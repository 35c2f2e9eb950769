import { Catalog } from '@kubernest/apiserver/contract';
import type { ResourceDefinition } from '@kubernest/definitions';
import { builtinKinds } from '@kubernest/kinds';
import { testServer } from '@kubernest/testkit/server';
import { afterEach, beforeEach, expect, it } from 'vitest';

const configMap = builtinKinds.find(({ kind }) => kind === 'ConfigMap')!;
const widget: ResourceDefinition = {
  ...configMap,
  group: 'example.test',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  singular: 'widget',
  columns: [{ name: 'Name', type: 'string', cell: ({ metadata }) => metadata.name ?? '' }],
};
const gone = [{ group: 'example.test', version: 'v1', plural: 'widgets' }];
const path = '/apis/example.test/v1/namespaces/one/widgets';

let catalog: Catalog;
let api: Awaited<ReturnType<typeof testServer>>;
beforeEach(async () => {
  catalog = new Catalog(builtinKinds);
  api = await testServer({ catalog });
});
afterEach(() => api[Symbol.asyncDispose]());
const status = async (line: string, body?: unknown) => (await api.call(line, body)).status;

it('is served from the moment that it is there, and no longer than that', async () => {
  expect(await status(`GET ${path}`)).toBe(404);
  catalog.apply({ served: [widget] });
  expect(await status(`POST ${path}`, { metadata: { name: 'a' } })).toBe(201);
  catalog.apply({ gone });
  expect(await status(`GET ${path}/a`)).toBe(404);
  catalog.apply({ served: [widget] });
  expect((await api.call(`GET ${path}/a`)).object).toMatchObject({ kind: 'Widget', metadata: { name: 'a' } });
});

it('stands in every document of discovery and OpenAPI while it is served', async () => {
  const documents = [
    'GET /apis',
    'GET /apis/example.test',
    'GET /apis/example.test/v1',
    'GET /openapi/v2',
    'GET /openapi/v3',
    'GET /openapi/v3/apis/example.test/v1',
  ];
  const seen = () => Promise.all(documents.map(async (line) => (await api.call(line)).text.includes('example.test')));
  const aggregated = () =>
    api.call('GET /apis', undefined, {
      accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    });
  const before = await aggregated();
  expect(await seen()).toEqual(documents.map(() => false));
  catalog.apply({ served: [widget] });
  expect(await seen()).toEqual(documents.map(() => true));
  const now = await aggregated();
  expect([before.text.includes('widgets'), now.text.includes('widgets')]).toEqual([false, true]);
  expect(now.headers['etag']).not.toBe(before.headers['etag']);
  catalog.apply({ gone });
  expect(await seen()).toEqual(documents.map(() => false));
  expect((await aggregated()).headers['etag']).toBe(before.headers['etag']);
});

it('ends its watches when it goes or is defined otherwise, after all that happened before; others go on', async () => {
  catalog.apply({ served: [widget] });
  const watch = await api.watch(`${path}?watch=1`);
  const other = await api.watch('/api/v1/namespaces/one/configmaps?watch=1');
  await api.call(`POST ${path}`, { metadata: { name: 'a' } });
  catalog.apply({ served: [{ ...widget }] });
  expect(await watch.next(1)).toMatchObject([{ type: 'ADDED', object: { metadata: { name: 'a' } } }]);
  await watch.ended;
  const again = await api.watch(`${path}?watch=1`);
  expect(await again.next(1)).toMatchObject([{ type: 'ADDED', object: { metadata: { name: 'a' } } }]);
  catalog.apply({ gone });
  await again.ended;
  await api.call('POST /api/v1/namespaces/one/configmaps', { metadata: { name: 'm' } });
  expect(await other.next(1)).toMatchObject([{ type: 'ADDED', object: { metadata: { name: 'm' } } }]);
});

it('goes out in the form of its present definition', async () => {
  const table = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
  const heads = async () =>
    (await api.call(`GET ${path}`, undefined, table)).object.columnDefinitions.map(
      ({ name }: { name: string }) => name,
    );
  catalog.apply({ served: [widget] });
  expect(await heads()).toEqual(['Name']);
  catalog.apply({ served: [{ ...widget, columns: [{ name: 'Size', type: 'string', cell: () => 'large' }] }] });
  expect(await heads()).toEqual(['Size']);
});
