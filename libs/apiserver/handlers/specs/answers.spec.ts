import { gunzipSync } from 'node:zlib';
import type { BytesResponse } from '@kubernest/apiserver/contract';
import { decodeProtobuf, encodeMessage } from '@kubernest/definitions';
import { builtinKinds, findBodyType } from '@kubernest/kinds';
import type { StructSchema } from '@kubernest/meta';
import { requestFor, type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loopbackTransport } from '../src/loopback-transport.ts';

let api: TestServer;
beforeAll(async () => {
  api = await testServer();
});
afterAll(() => api[Symbol.asyncDispose]());

const maps = '/api/v1/namespaces/answers/configmaps';
const PROTOBUF = 'application/vnd.kubernetes.protobuf';

async function raw(line: string, headers: Record<string, string>, body?: unknown) {
  const answer = (await api.server.handle(requestFor(line, body, headers), api.ctx)) as BytesResponse;
  return { ...answer, bytes: Buffer.concat(answer.body) };
}
const decoded = (bytes: Buffer, kind: string) =>
  decodeProtobuf(bytes, () => findBodyType('', 'v1', kind)!.schema as StructSchema);

describe('an error', () => {
  test.each([
    [PROTOBUF, PROTOBUF],
    [`${PROTOBUF},application/json`, PROTOBUF],
    ['application/json;as=Table;v=v1;g=meta.k8s.io,application/json', 'application/json'],
    ['application/json;as=Table;v=v1;g=meta.k8s.io', 'application/json'],
    ['application/yaml', 'application/yaml'],
    ['image/png', 'application/json'],
    ['*/*', 'application/json'],
  ])('for a client that accepts %s comes as %s', async (accept, contentType) => {
    const answer = await raw(`GET ${maps}/nobody`, { accept });
    // Nothing can be given to who wants pictures alone, and that is what is told.
    const [code, message] =
      accept === 'image/png' ? [406, /only the following media types/] : [404, /^configmaps "nobody" not found$/];
    expect([answer.status, answer.headers['content-type']]).toEqual([code, contentType]);
    if (contentType === PROTOBUF) expect(decoded(answer.bytes, 'Status')).toMatchObject({ code, reason: 'NotFound' });
    else if (contentType === 'application/json')
      expect(JSON.parse(answer.bytes.toString())).toMatchObject({ code, message: expect.stringMatching(message) });
    else expect(answer.bytes.toString()).toContain('reason: NotFound');
  });
});

test.each([
  ['v1', 200],
  ['v1beta1', 200],
  ['v2', 406],
])('a Table of meta.k8s.io/%s is answered with %i', async (version, status) => {
  const answer = await raw(`GET ${maps}`, { accept: `application/json;as=Table;v=${version};g=meta.k8s.io` });
  expect(answer.status).toBe(status);
});

describe('a large list', () => {
  beforeAll(async () => {
    for (let i = 0; i < 3; i++)
      await api.call(`POST ${maps}`, { metadata: { name: `m${i}` }, data: { text: 'x'.repeat(60_000) } });
  });

  test('is packed for who can unpack it, and only then', async () => {
    const plain = await raw(`GET ${maps}`, {});
    expect(plain.headers['content-encoding']).toBeUndefined();
    const packed = await raw(`GET ${maps}`, { 'accept-encoding': 'deflate, gzip' });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 10);
    expect(gunzipSync(packed.bytes).equals(plain.bytes)).toBe(true);
  });

  test('leaves its memory to the next once it is sent, or packed, and not before', async () => {
    const [first, second] = [await raw(`GET ${maps}`, {}), await raw(`GET ${maps}`, {})];
    expect(second.body[0]!.buffer).not.toBe(first.body[0]!.buffer);
    first.sent!();
    const third = await raw(`GET ${maps}`, {});
    expect(third.body[0]!.buffer).toBe(first.body[0]!.buffer);
    expect(third.bytes.equals(second.bytes)).toBe(true);
    second.sent!();
    const packed = await raw(`GET ${maps}`, { 'accept-encoding': 'gzip' });
    expect(packed.sent).toBeUndefined();
    expect((await raw(`GET ${maps}`, {})).body[0]!.buffer).toBe(second.body[0]!.buffer);
  });

  test('is not packed below 128 KiB', async () => {
    const one = await raw(`GET ${maps}?limit=1`, { 'accept-encoding': 'gzip' });
    expect(one.headers['content-encoding']).toBeUndefined();
  });

  test('says the same in protobuf', async () => {
    const { bytes } = await raw(`GET ${maps}`, { accept: PROTOBUF });
    const { items } = JSON.parse((await raw(`GET ${maps}`, {})).bytes.toString());
    const schema = builtinKinds.find(({ kind }) => kind === 'ConfigMap')!.schema as StructSchema;
    for (const { kind, apiVersion, ...item } of items) expect(bytes.includes(encodeMessage(schema, item))).toBe(true);
    expect(bytes.subarray(0, 4)).toEqual(Buffer.from('k8s\0'));
    expect(items).toHaveLength(3);
  });
});

test.each([
  ['json-patch+json', 'error decoding patch: unexpected end of JSON input'],
  ['merge-patch+json', 'error decoding patch: unexpected end of JSON input'],
  ['strategic-merge-patch+json', 'unexpected end of JSON input'],
  ['apply-patch+yaml', 'error decoding YAML: error converting YAML to JSON: yaml: '],
])('a patch of type %s that cannot be read is refused', async (type, words) => {
  await api.call(`POST ${maps}`, { metadata: { name: 'there' } });
  const patch = (name: string) =>
    api.call(`PATCH ${maps}/${name}?fieldManager=m`, '[', { 'content-type': `application/${type}` });
  if (!type.startsWith('apply')) expect(await patch('nowhere')).toMatchObject({ status: 404 });
  const { object } = await patch('there');
  expect(object).toMatchObject({ code: 400, reason: 'BadRequest', message: expect.stringMatching(`^${words}`) });
});

describe('a JSON patch', () => {
  const patch = (operations: unknown) =>
    api.call(`PATCH ${maps}/patched`, operations, { 'content-type': 'application/json-patch+json' });
  beforeAll(() => api.call(`POST ${maps}`, { metadata: { name: 'patched' }, data: { a: '1' } }));

  test('is applied as a whole', async () => {
    const { object } = await patch([
      { op: 'test', path: '/data/a', value: '1' },
      { op: 'copy', from: '/data/a', path: '/data/b' },
      { op: 'replace', path: '/data/a', value: '2' },
    ]);
    expect(object.data).toEqual({ a: '2', b: '1' });
  });

  test.each([
    ['a test that fails', [{ op: 'test', path: '/data/a', value: 'other' }], 422, 'Invalid'],
    ['a path that leads nowhere', [{ op: 'remove', path: '/data/nothing' }], 422, 'Invalid'],
    ['no list of operations', { op: 'remove' }, 400, 'BadRequest'],
    ['another name', [{ op: 'replace', path: '/metadata/name', value: 'x' }], 400, 'BadRequest'],
    ['a wrong type', [{ op: 'add', path: '/data/c', value: 7 }], 422, 'Invalid'],
  ])('with %s changes nothing', async (_what, operations, code, reason) => {
    const before = (await api.call(`GET ${maps}/patched`)).object;
    expect((await patch(operations)).object).toMatchObject({ kind: 'Status', code, reason });
    expect((await api.call(`GET ${maps}/patched`)).object).toEqual(before);
  });
});

describe('the root', () => {
  test('lists the paths that answer by themselves', async () => {
    const { paths } = (await api.call('GET /')).object as { paths: string[] };
    expect(paths).toEqual(expect.arrayContaining(['/api', '/api/v1', '/apis/apps/v1', '/readyz/etcd', '/openapi/v2']));
    for (const path of paths) expect([path, (await api.call(`GET ${path}`)).status]).toEqual([path, 200]);
  });
});

describe('the loopback transport', () => {
  const as = (username: string) => loopbackTransport(api.server, { username, groups: [] });

  test('hands out the frozen objects of the cache and takes what is sent as JSON', async () => {
    const sent = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'inside' }, data: { a: '1' } };
    const { status, object } = await as('ann').call({ method: 'POST', path: maps, body: sent }, api.ctx);
    sent.data.a = 'changed afterwards';
    expect(status).toBe(201);
    const read = (await as('ann').call({ method: 'GET', path: `${maps}/inside` }, api.ctx)).object;
    expect(read).toMatchObject({ data: { a: '1' } });
    expect(Object.isFrozen(read) && Object.isFrozen((read as typeof sent).data)).toBe(true);
    expect((object as typeof sent).data.a).toBe('1');
  });

  test('throws the Status that a client would have read', async () => {
    await expect(as('ann').call({ method: 'GET', path: `${maps}/nobody` }, api.ctx)).rejects.toMatchObject({
      code: 404,
      reason: 'NotFound',
      details: { name: 'nobody', kind: 'configmaps' },
    });
    await expect(as('eve').call({ method: 'GET', path: maps }, api.ctx)).rejects.toMatchObject({ code: 403 });
  });

  test('ends a watch with the error of who was told, and tells nothing after', async () => {
    const seen: string[] = [];
    const watch = as('ann').watch(
      { method: 'GET', path: `${maps}?watch=true` },
      ({ object }) => {
        seen.push((object as unknown as { metadata: { name: string } }).metadata.name);
        throw new Error('enough');
      },
      api.ctx,
    );
    await expect(watch).rejects.toThrow('enough');
    expect(seen).toHaveLength(1);
  });
});
