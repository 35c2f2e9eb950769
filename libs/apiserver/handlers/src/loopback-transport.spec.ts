import type { WatchEvent } from '@kubernest/meta';
import { type TestServer, testServer } from '@kubernest/testkit/server';
import { expect, it } from 'vitest';
import { loopbackTransport } from './loopback-transport.ts';

const url = '/api/v1/namespaces/d/configmaps';
const partial = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' };
const as = (shape: string) => ({ accept: `application/json;as=${shape};g=meta.k8s.io;v=v1,application/json` });
const map = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, labels: { app: 'web' } },
  data: { large: 'x'.repeat(60_000) },
});

async function transportTo(api: TestServer) {
  for (const name of ['a', 'b']) await api.call(`POST ${url}`, map(name));
  return loopbackTransport(api.server, { username: 'spec', groups: [] });
}

it('who asks for metadata gets metadata alone, of one, of many and of what is written', async () => {
  await using api = await testServer();
  const transport = await transportTo(api);
  const { object: whole } = await api.call(`GET ${url}/a`);
  const one = { ...partial, metadata: whole.metadata };
  const get = async (path: string, shape: string) =>
    (await transport.call({ method: 'GET', path, headers: as(shape) }, api.ctx)).object as Record<string, unknown>;
  const got = await get(`${url}/a`, 'PartialObjectMetadata');
  expect(got).toEqual(one);
  expect([got, got.metadata].every(Object.isFrozen)).toBe(true);
  const list = await get(`${url}?labelSelector=app%3Dweb&limit=1`, 'PartialObjectMetadataList');
  expect(list).toMatchObject({
    ...partial,
    kind: 'PartialObjectMetadataList',
    metadata: { continue: expect.anything() },
  });
  expect(list.items).toEqual([one]);
  const headers = { ...as('PartialObjectMetadata'), 'content-type': 'application/merge-patch+json' };
  const body = { metadata: { labels: { new: 'yes' } } };
  const patched = await transport.call({ method: 'PATCH', path: `${url}/a`, headers, body }, api.ctx);
  expect(patched.object).toEqual({ ...partial, metadata: (await api.call(`GET ${url}/a`)).object.metadata });
});

it('a watch of metadata tells of what is there, of changes and of how far it has come, in metadata alone', async () => {
  await using api = await testServer();
  const transport = await transportTo(api);
  const controller = new AbortController();
  const seen: WatchEvent[] = [];
  const watch = transport.watch(
    {
      method: 'GET',
      path: `${url}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=1`,
      headers: as('PartialObjectMetadata'),
    },
    (event) => {
      seen.push(event);
      if (event.type === 'BOOKMARK') void api.call(`DELETE ${url}/b`);
      if (event.type === 'DELETED') controller.abort();
    },
    { ...api.ctx, signal: controller.signal },
  );
  await expect(watch).rejects.toThrow('aborted');
  expect(seen.map(({ type, object }) => [type, object.metadata.name, Object.keys(object).sort()])).toEqual([
    ['ADDED', 'a', ['apiVersion', 'kind', 'metadata']],
    ['ADDED', 'b', ['apiVersion', 'kind', 'metadata']],
    ['BOOKMARK', undefined, ['apiVersion', 'kind', 'metadata']],
    ['DELETED', 'b', ['apiVersion', 'kind', 'metadata']],
  ]);
  expect(seen.map(({ object }) => object.kind)).toEqual(seen.map(() => 'PartialObjectMetadata'));
});
