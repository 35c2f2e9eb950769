import { gunzipSync } from 'node:zlib';
import { type BytesResponse, type PiecesResponse, wholeOf } from '@kubernest/apiserver/contract';
import { decodeProtobuf, partialObjectSchema, protobufListSchema } from '@kubernest/definitions';
import { builtinKinds } from '@kubernest/kinds';
import { decodeObject, type Json, type StructSchema } from '@kubernest/meta';
import { requestFor, type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { withWarnings } from '../src/answers/responses.ts';

let api: TestServer;
const maps = '/api/v1/namespaces/huge/configmaps';
const sizes = [10, 400_000, 100_000, 255_900, 500_000, 1];
beforeAll(async () => {
  api = await testServer();
  for (const size of sizes)
    await api.call(`POST ${maps}`, {
      metadata: {
        name: `m${size}`,
        labels: { size: size > 1000 ? 'large' : 'small' },
        annotations: { 'a/b': 'x\n: y'.repeat(size > 200_000 ? 30_000 : 1) },
      },
      data: Object.fromEntries(Array.from({ length: Math.ceil(size / 1000) }, (_, i) => [`k${i}`, 'ü'.repeat(480)])),
    });
});
afterAll(() => api[Symbol.asyncDispose]());

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const as = (shape: string): string => `;as=${shape};v=v1;g=meta.k8s.io`;
const accepts = {
  JSON: 'application/json',
  YAML: 'application/yaml',
  'a Table': `application/json${as('Table')}`,
  'a Table in YAML': `application/yaml${as('Table')}`,
  metadata: `application/json${as('PartialObjectMetadataList')}`,
  'metadata in YAML': `application/yaml${as('PartialObjectMetadataList')}`,
  protobuf: PROTOBUF,
  'metadata in protobuf': `${PROTOBUF}${as('PartialObjectMetadataList')}`,
} as const;

const answerTo = async (line: string, headers = {}) =>
  (await api.server.handle(requestFor(line, undefined, headers), api.ctx)) as BytesResponse | PiecesResponse;

const configMap = builtinKinds.find(({ kind }) => kind === 'ConfigMap')!.schema as StructSchema;
function readAs(bytes: Buffer, contentType: string): Json {
  if (contentType === PROTOBUF)
    return decodeProtobuf(bytes, ({ kind }) => {
      const item = kind.startsWith('Partial') ? partialObjectSchema() : configMap;
      return kind.endsWith('List') ? protobufListSchema(item) : item;
    });
  return decodeObject(bytes, contentType === 'application/yaml' ? 'yaml' : 'json', { findDuplicates: false })
    .value as Json;
}

interface List {
  readonly items?: readonly Json[];
  readonly rows?: readonly Json[];
  readonly metadata: { readonly resourceVersion: string };
}
const listed = ({ items, rows }: List): readonly Json[] => items ?? rows!;

/** What stands for the object in a list of the same form. */
function itemOf(one: Json, contentType: string): Json {
  const { kind, apiVersion, rows, ...rest } = one as { [key: string]: Json } & { rows?: readonly Json[] };
  if (rows) return rows[0]!;
  // In protobuf no item of a list says what it is.
  return kind === 'PartialObjectMetadata' && contentType !== PROTOBUF ? one : rest;
}

describe.each(Object.entries(accepts))('a large list as %s', (_form, accept) => {
  const contentType = accept.split(';')[0]!;

  test('goes out piece by piece, each item as when it goes alone', async () => {
    const answer = await answerTo(`GET ${maps}`, { accept });
    expect([answer.kind, answer.headers['content-type']]).toEqual(['pieces', contentType]);
    const list = readAs(await wholeOf(answer), contentType) as unknown as List;
    expect(Number(list.metadata.resourceVersion)).toBeGreaterThan(0);
    const names = [...sizes].map((size) => `m${size}`).sort();
    const alone = { accept: accept.replace('MetadataList', 'Metadata') };
    for (const [i, name] of names.entries()) {
      const one = readAs(await wholeOf(await answerTo(`GET ${maps}/${name}`, alone)), contentType);
      expect(listed(list)[i]).toEqual(itemOf(one, contentType));
    }
    expect(listed(list)).toHaveLength(names.length);
  });

  test('no piece is longer than 256 KiB, and their length is what was told if it was', async () => {
    const answer = (await answerTo(`GET ${maps}`, { accept })) as PiecesResponse;
    const lengths: number[] = [];
    for await (const piece of answer.pieces) lengths.push(piece.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(256 * 1024);
    expect(lengths.length).toBeGreaterThan(1);
    expect(answer.length ?? sum(lengths)).toBe(sum(lengths));
  });

  test('is packed on its way for who can unpack it', async () => {
    const packed = await answerTo(`GET ${maps}`, { accept, 'accept-encoding': 'gzip' });
    expect([packed.kind, packed.headers['content-encoding'], 'length' in packed]).toEqual(['pieces', 'gzip', false]);
    const plain = await wholeOf(await answerTo(`GET ${maps}`, { accept }));
    expect(gunzipSync(await wholeOf(packed)).equals(plain)).toBe(true);
  });

  test('gives others a turn at least once an item', async () => {
    let now = 0;
    // Every look at the time is too late to go on.
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 10));
    onTestFinished(() => clock.mockRestore());
    expect(await turnsOf(async () => wholeOf(await answerTo(`GET ${maps}`, { accept })))).toBeGreaterThanOrEqual(
      sizes.length,
    );
  });

  test('that is small is one answer with its length', async () => {
    const answer = await answerTo(`GET ${maps}?labelSelector=size=small`, { accept });
    expect(answer.kind).toBe('bytes');
    expect(listed(readAs(await wholeOf(answer), contentType) as unknown as List)).toHaveLength(2);
  });

  test('that is empty says so', async () => {
    const answer = await answerTo(`GET ${maps}?labelSelector=size=none`, { accept });
    const list = readAs(await wholeOf(answer), contentType) as unknown as List;
    // Protobuf has no word for nothing.
    expect(list.items ?? list.rows ?? []).toEqual([]);
  });
});

const sum = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0);

/** How often others had their turn meanwhile. */
async function turnsOf(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await work();
  isOver = true;
  return turns;
}

test('a list keeps its pieces when it is given a warning', async () => {
  const answer = (await answerTo(`GET ${maps}`)) as PiecesResponse;
  const warned = withWarnings(answer, ['w']);
  expect([warned.pieces, warned.headers['warning']]).toEqual([answer.pieces, expect.stringContaining('w')]);
});

test.each(['YAML', 'a Table', 'protobuf'] as const)('a single large object as %s is made in turns', async (form) => {
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 10));
  onTestFinished(() => clock.mockRestore());
  const one = async () => wholeOf(await answerTo(`GET ${maps}/m500000`, { accept: accepts[form] }));
  const [large, small] = [
    await turnsOf(one),
    await turnsOf(() => answerTo(`GET ${maps}/m1`, { accept: accepts[form] })),
  ];
  expect(large).toBeGreaterThan(small);
  if (form === 'YAML') expect(large).toBeGreaterThan(10);
});
