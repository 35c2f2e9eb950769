import type { BytesResponse } from '@kubernest/apiserver/contract';
import { decodeProtobuf } from '@kubernest/definitions';
import { builtinKinds } from '@kubernest/kinds';
import type { KubeObject } from '@kubernest/meta';
import { requestFor, type TestServer, testServer } from '@kubernest/testkit/server';
import { afterEach, beforeEach, expect, it } from 'vitest';

const eventsIn = (group: string) =>
  builtinKinds.find((definition) => definition.kind === 'Event' && definition.group === group)!;
const groups = [
  { group: '', path: '/api/v1/namespaces/default/events', apiVersion: 'v1', about: 'involvedObject', text: 'message' },
  {
    group: 'events.k8s.io',
    path: '/apis/events.k8s.io/v1/namespaces/default/events',
    apiVersion: 'events.k8s.io/v1',
    about: 'regarding',
    text: 'note',
  },
] as const;
const merge = { 'content-type': 'application/merge-patch+json' };

let api: TestServer;
beforeEach(async () => {
  api = await testServer();
});
afterEach(() => api[Symbol.asyncDispose]());

const created = async (path: string, group: string): Promise<string> => {
  const { status, object } = await api.call(`POST ${path}`, eventsIn(group).example);
  expect(status).toBe(201);
  return object.metadata.name as string;
};

it.each(groups.flatMap((writer) => groups.map((reader) => ({ writer, reader }))))(
  'an event of "$writer.group" is one of "$reader.group" in every form',
  async ({ writer, reader }) => {
    const { about, text, apiVersion, path } = reader;
    const name = await created(writer.path, writer.group);
    const watch = await api.watch(`${path}?watch=1`);
    const { object } = await api.call(`GET ${path}/${name}`);
    expect(object).toMatchObject({ kind: 'Event', apiVersion, [about]: { name: 'web-1' } });
    const selected = (query: string) => api.call(`GET ${path}?fieldSelector=${query}`);
    const { kind: _kind, apiVersion: _apiVersion, ...item } = object;
    expect((await selected(`${about}.name%3Dweb-1`)).object.items).toEqual([item]);
    expect((await selected(`${about}.name%3Dweb-2`)).object.items).toEqual([]);
    const response = await api.server.handle(
      requestFor(`GET ${path}/${name}`, undefined, { accept: 'application/vnd.kubernetes.protobuf' }),
      api.ctx,
    );
    const bytes = Buffer.concat((response as BytesResponse).body);
    const decoded = decodeProtobuf(bytes, () => eventsIn(reader.group).schema) as unknown as KubeObject;
    expect(decoded).toMatchObject({ apiVersion, [about]: { name: 'web-1' }, [text]: object[text] });
    const patched = await api.call(`PATCH ${path}/${name}`, { metadata: { labels: { seen: 'yes' } } }, merge);
    expect(patched.object).toMatchObject({ apiVersion, [text]: object[text], metadata: { labels: { seen: 'yes' } } });
    expect(await watch.next(2)).toMatchObject([
      { type: 'ADDED', object },
      { type: 'MODIFIED', object: patched.object },
    ]);
    const { entry } = await api.store.get(`/registry/core/events/default/${name}`, api.ctx);
    expect(JSON.parse(Buffer.from(entry!.value).toString())).toMatchObject({ apiVersion: 'v1', message: object[text] });
  },
);

it('plugins are given the events of the group that they name', async () => {
  const seen: unknown[] = [];
  for (const { group } of groups)
    api.server.core.read.subscribe({ group, resource: 'events' }, ({ object }) => seen.push(object?.apiVersion));
  const name = await created(groups[1].path, 'events.k8s.io');
  for (const { group, apiVersion, about } of groups) {
    const ref = { group, resource: 'events' };
    const shape = { apiVersion, [about]: { name: 'web-1' } };
    expect(api.server.core.read.get(ref, `default/${name}`)).toMatchObject(shape);
    expect(api.server.core.read.list(ref)).toMatchObject([shape]);
    expect(await api.server.core.read.fetch(ref, `default/${name}`, api.ctx)).toMatchObject(shape);
  }
  expect(seen).toEqual(['v1', 'events.k8s.io/v1']);
});
