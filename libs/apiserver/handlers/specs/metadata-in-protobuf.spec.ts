import { type BytesResponse, type WatchResponse, wholeOf } from '@kubernest/apiserver/contract';
import { gadget, pathIn, v1, v2 } from '@kubernest/apiserver/storage/testing';
import { decodeProtobuf, partialObjectSchema, protobufListSchema, readWatchFrame } from '@kubernest/definitions';
import type { StructSchema } from '@kubernest/meta';
import { requestFor } from '@kubernest/testkit/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GadgetServer, gadgetServer } from './gadget-server.fixture.ts';

let api: GadgetServer;
beforeEach(async () => {
  api = await gadgetServer();
});
afterEach(() => api[Symbol.asyncDispose]());

const as = (media: string, shape: string, version = 'v1') => ({
  accept: `application/${media};as=${shape};g=meta.k8s.io;v=${version}`,
});
const one = (version?: string) => as('vnd.kubernetes.protobuf', 'PartialObjectMetadata', version);
const many = (version?: string) => as('vnd.kubernetes.protobuf', 'PartialObjectMetadataList', version);

const get = async (url: string, headers: Record<string, string>) => {
  const answer = (await api.server.handle(requestFor(`GET ${url}`, undefined, headers), api.ctx)) as BytesResponse;
  return { status: answer.status, type: answer.headers['content-type'], bytes: await wholeOf(answer) };
};
const decoded = (bytes: Uint8Array, schema = partialObjectSchema()) => decodeProtobuf(bytes, () => schema);

const maps = '/api/v1/namespaces/one/configmaps';
const kinds: readonly (readonly [what: string, path: string, object: object])[] = [
  ['a built-in kind', maps, { metadata: { name: 'a', labels: { a: 'b' } }, data: { a: 'b' } }],
  ['a custom kind', pathIn(v1), gadget(v1, 'a', 1, { a: 'b' })],
  ['a version that is not stored', pathIn(v2), gadget(v2, 'a', 1, { a: 'b' })],
];

describe.each(kinds)('metadata alone of %s, in protobuf', (_what, path, object) => {
  beforeEach(async () => {
    expect((await api.call(`POST ${path}`, object)).status).toBe(201);
  });

  it.each(['v1', 'v1beta1'])('are those that JSON tells (%s)', async (version) => {
    const { status, type, bytes } = await get(`${path}/a`, one(version));
    const { object } = await api.call(`GET ${path}/a`, undefined, as('json', 'PartialObjectMetadata', version));
    expect([status, type, decoded(bytes)]).toEqual([200, 'application/vnd.kubernetes.protobuf', object]);
    expect(object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'a', labels: { a: 'b' } } });
  });

  it('are in a list what they are alone', async () => {
    const { bytes } = await get(path, many());
    const list = decoded(bytes, protobufListSchema(partialObjectSchema()));
    const { metadata } = decoded((await get(`${path}/a`, one())).bytes);
    expect(list).toMatchObject({ apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadataList' });
    expect(list['items']).toEqual([{ metadata }]);
  });

  it('come in a watch, with its bookmark', async () => {
    const query = 'watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan';
    const request = requestFor(`GET ${path}?${query}`, undefined, one());
    const watch = (await api.server.handle(request, api.ctx)) as WatchResponse;
    const controller = new AbortController();
    let frames = Buffer.alloc(0);
    const { promise: bookmarked, resolve } = Promise.withResolvers<void>();
    const writeBytes = (bytes: Uint8Array) => {
      frames = Buffer.concat([frames, bytes]);
      if (frames.includes('k8s.io/initial-events-end')) resolve();
      return true;
    };
    const ended = watch.run({ writeBytes }, { ...api.ctx, signal: controller.signal });
    await bookmarked;
    controller.abort();
    await ended;
    const named = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' };
    expect(watch.headers['content-type']).toBe('application/vnd.kubernetes.protobuf;stream=watch');
    expect(eventsIn(frames)).toMatchObject([
      { type: 'ADDED', object: { ...named, metadata: { name: 'a', labels: { a: 'b' } } } },
      { type: 'BOOKMARK', object: { ...named, metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } } },
    ]);
  });

  it('are no Table', async () => {
    expect((await get(path, as('vnd.kubernetes.protobuf', 'Table'))).status).toBe(406);
  });
});

function eventsIn(frames: Buffer): object[] {
  const events: object[] = [];
  for (let at = 0; at < frames.length; ) {
    const end = at + 4 + frames.readUInt32BE(at);
    const { type, object } = readWatchFrame(frames.subarray(at + 4, end));
    events.push({ type, object: decoded(object) });
    at = end;
  }
  return events;
}

// compat: nowhere else do a list's items come before its metadata.
it('the list of meta.k8s.io/v1beta1 begins with its items', async () => {
  await api.call(`POST ${maps}`, { metadata: { name: 'a' } });
  const { schema } = protobufListSchema(partialObjectSchema()).fields['metadata']!;
  const items = { type: 'list', items: partialObjectSchema(), listType: 'atomic' } as const;
  const reversed: StructSchema = {
    type: 'struct',
    fields: { items: { schema: items, protobuf: 1 }, metadata: { schema, protobuf: 2 } },
  };
  const { bytes } = await get(maps, many('v1beta1'));
  expect(decoded(bytes, reversed)).toEqual({
    apiVersion: 'meta.k8s.io/v1beta1',
    kind: 'PartialObjectMetadataList',
    items: [{ metadata: expect.objectContaining({ name: 'a' }) }],
    metadata: { resourceVersion: expect.any(String) },
  });
});
