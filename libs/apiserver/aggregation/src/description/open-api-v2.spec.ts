import { openApiV2Protobuf } from '@kubernest/definitions';
import { atOnce } from '@kubernest/meta';
import { describe, expect, test } from 'vitest';
import { partOf } from './open-api-v2.ts';

const readPart = (body: Buffer, of: typeof gv) => atOnce(partOf(body, of));
const gv = { group: 'orchard.example', version: 'v1' };
const ref = (name: string) => ({ $ref: `#/definitions/${name}` });
const path = '/apis/orchard.example/v1/trees';
const answer = { 200: { description: 'OK', schema: ref('Tree') } };

const document = (over: object = {}) =>
  Buffer.from(JSON.stringify({ swagger: '2.0', info: {}, paths: {}, definitions: {}, ...over }));

test('of a document that is taken which is about the group-version, and what that needs', () => {
  const definitions = {
    Tree: { type: 'object', properties: { spec: ref('Spec'), meta: ref('Meta') } },
    Spec: { type: 'object', properties: { next: ref('Tree') }, 'x-kubernetes-union': [] },
    Other: { type: 'object' },
  };
  const paths = {
    [path]: { parameters: [{ $ref: '#/parameters/pretty' }], get: { operationId: 'list', responses: answer } },
    '/apis/orchard.example/v2/trees': { get: { responses: {} } },
    '/apis/orchard.example/v10/trees': { get: { responses: {} } },
    '/api/v1/pods': { get: { responses: answer } },
  };
  const parameters = { pretty: { name: 'pretty', in: 'query', type: 'string' } };
  expect(readPart(document({ paths, definitions, parameters }), gv)).toEqual({
    paths: {
      [path]: { get: { operationId: 'list', responses: answer, parameters: [parameters.pretty] } },
    },
    definitions: { Meta: { type: 'object' }, Spec: definitions.Spec, Tree: definitions.Tree },
  });
});

test.each(['[]', '{}', 'null', '<html>', '{"swagger":2}'])('%s is none', (text) => {
  expect(() => readPart(Buffer.from(text), gv)).toThrow();
});

describe('what is not as OpenAPI has it stays behind, and the rest can be written in every form:', () => {
  const nested = (levels: number, key: string) =>
    Array.from({ length: levels }).reduce<object>((inner) => ({ [key]: { a: inner } }), {});
  const deep = (levels: number) => Array.from({ length: levels }).reduce<unknown>((inner) => [inner], 1);

  const get = (operation: object) => ({ [path]: { get: { parameters: [], responses: {}, ...operation } } });

  test.each<[string, object, object]>([
    ['no operations', { [path]: { get: null, post: 5, put: [], parameters: 'x', trace: {} } }, { [path]: {} }],
    [
      'no responses',
      get({ responses: [null], tags: [1, 'a'], parameters: [null, { in: 'cookie' }] }),
      get({ tags: ['a'] }),
    ],
    ['no path', { [path]: null }, {}],
    [
      'odd answers',
      get({ responses: { 200: null, 201: { schema: 'x', description: 5 } } }),
      get({ responses: { 201: {} } }),
    ],
    [
      'odd parameters',
      get({ parameters: [{ in: 'body', name: 'b' }, { $ref: '#/parameters/__proto__' }] }),
      get({ parameters: [{ in: 'body', name: 'b', schema: {} }] }),
    ],
  ])('%s', (_what, paths, left) => {
    const part = readPart(document({ paths }), gv);
    expect(part).toEqual({ paths: left, definitions: {} });
    expect(() => openApiV2Protobuf({ swagger: '2.0', info: {}, ...part })).not.toThrow();
  });

  const names = JSON.parse('{"properties":{"__proto__":{"type":"string"},"constructor":{}}}');

  test.each<[string, unknown, unknown]>([
    ['null', null, { type: 'object' }],
    [
      'no properties',
      { properties: { a: null, b: 5, c: [] }, required: 'a', enum: {}, type: ['string'] },
      { properties: {} },
    ],
    ['odd parts', { items: [], additionalProperties: 'x', allOf: [null], minimum: 'x', $ref: 5 }, { allOf: [{}] }],
    ['a default that nests for ever', { default: deep(5000), 'x-a': deep(5000), enum: [deep(5000)] }, {}],
    [
      'a type that nests for ever',
      nested(3000, 'properties'),
      expect.objectContaining({ properties: expect.anything() }),
    ],
    ['names of the language', names, names],
  ])('a definition that is %s', (_what, Tree, left) => {
    const part = readPart(document({ paths: { [path]: { get: { responses: answer } } }, definitions: { Tree } }), gv);
    expect(part.definitions).toEqual({ Tree: left });
    expect(() => openApiV2Protobuf({ swagger: '2.0', info: {}, ...part })).not.toThrow();
    expect(JSON.stringify(part).length).toBeLessThan(5000);
  });
});

test('is read in steps, as long as it may be', () => {
  const names = Array.from({ length: 2_000 }, (_, i) => `T${i}`);
  const definitions = Object.fromEntries(names.map((name) => [name, { type: 'object', description: name.repeat(40) }]));
  const paths = Object.fromEntries(
    names.map((name) => [`${path}/${name}`, { get: { responses: { 200: { description: '', schema: ref(name) } } } }]),
  );
  const reading = partOf(document({ paths, definitions }), gv);
  let steps = 0;
  let step = reading.next();
  for (; !step.done; step = reading.next()) steps++;
  expect(Object.keys(step.value!.definitions)).toHaveLength(names.length);
  // A path, what it names, and a definition each.
  expect(steps).toBeGreaterThan(3 * names.length);
});

test('a single definition that is vast is told without what is in it, and such a path not at all', () => {
  const wide = (length: number) => Object.fromEntries(Array.from({ length }, (_, i) => [`f${i}`, { type: 'string' }]));
  const definitions = { Tree: { properties: wide(15_000) }, Bush: { properties: wide(1_000) } };
  const get = (name: string) => ({ get: { responses: { 200: { description: '', schema: ref(name) } } } });
  const paths = {
    [path]: get('Tree'),
    [`${path}/b`]: get('Bush'),
    [`${path}/c`]: { ...get('Lost'), parameters: Array.from({ length: 20_001 }, () => null) },
  };
  const part = readPart(document({ paths, definitions }), gv);
  expect(Object.keys(part.paths)).toEqual([path, `${path}/b`]);
  expect(part.definitions).toEqual({ Bush: definitions.Bush, Tree: { type: 'object' } });
});
