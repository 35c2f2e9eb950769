import { builtinKinds } from '@kubernest/kinds';
import { atOnce, type KubeObject } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import { type BodyTask, runBodyTask } from './body-task.ts';

const expected = builtinKinds.find(({ kind }) => kind === 'ConfigMap')!;
const name = { group: '', version: 'v1', kind: 'ConfigMap' };

type Given = Omit<Partial<BodyTask>, 'bytes'> & { readonly body: string | Uint8Array };

function run({ body, ...given }: Given) {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const task: BodyTask = { expected: name, fieldValidation: 'Warn', bytes, stored: true, ...given };
  const result = atOnce(runBodyTask(task, expected));
  return result.ok ? { ...result, object: JSON.parse(Buffer.from(result.json).toString()) as KubeObject } : result;
}
const base = (object: object) => Buffer.from(JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', ...object }));
const stored = base({ metadata: { name: 'm' }, data: { a: '1', b: '2' } });

describe('makes an object', () => {
  it.each<[string, Given, object]>([
    ['of JSON', { body: '{"metadata":{"name":"m"},"data":{"a":"1"}}' }, { metadata: { name: 'm' }, data: { a: '1' } }],
    ['of YAML', { body: 'metadata: {name: m}', contentType: 'application/yaml' }, { metadata: { name: 'm' } }],
    [
      'of a merge patch',
      { body: '{"data":{"a":null}}', patch: { kind: 'merge', base: stored } },
      { metadata: { name: 'm' }, data: { b: '2' } },
    ],
    [
      'of a JSON patch',
      { body: '[{"op":"remove","path":"/data/a"}]', patch: { kind: 'json', base: stored } },
      { metadata: { name: 'm' }, data: { b: '2' } },
    ],
    [
      'of a strategic merge patch',
      { body: '{"metadata":{"finalizers":["x/y"]}}', patch: { kind: 'strategic', base: stored } },
      { metadata: { name: 'm', finalizers: ['x/y'] }, data: { a: '1', b: '2' } },
    ],
    [
      'of an applied configuration, what is empty in it, too',
      {
        body: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {}',
        patch: { kind: 'apply', base: undefined },
      },
      { metadata: { name: 'm' }, data: {} },
    ],
  ])('%s', (_, given, object) => {
    expect(run(given)).toMatchObject({
      ok: true,
      warnings: [],
      object: { apiVersion: 'v1', kind: 'ConfigMap', ...object },
    });
  });
});

it('tells of unknown fields, drops them, and refuses them when asked to', () => {
  const body = '{"metadata":{"name":"m"},"bogus":1}';
  const warned = run({ body });
  expect(warned).toMatchObject({ ok: true, warnings: ['unknown field "bogus"'] });
  expect(warned).not.toHaveProperty('object.bogus');
  expect(run({ body, fieldValidation: 'Ignore' })).toMatchObject({ ok: true, warnings: [] });
  expect(run({ body, fieldValidation: 'Strict' })).toMatchObject({ ok: false, code: 400, reason: 'BadRequest' });
});

it.each<[string, Given, number, string]>([
  ['no JSON', { body: '{' }, 400, 'BadRequest'],
  ['another kind', { body: '{"kind":"Pod"}' }, 400, 'BadRequest'],
  ['an unknown form', { body: 'x', contentType: 'text/html' }, 415, 'UnsupportedMediaType'],
  ['no patch', { body: '{}', patch: { kind: 'json', base: stored } }, 400, 'BadRequest'],
  [
    'a patch that does not fit',
    { body: '[{"op":"remove","path":"/x"}]', patch: { kind: 'json', base: stored } },
    422,
    'Invalid',
  ],
])('says what the client is told of %s', (_, given, code, reason) => {
  expect(run(given)).toMatchObject({ ok: false, code, reason, message: expect.stringMatching(/./) });
});

it('refuses what the store would refuse, and counts not who owns what', () => {
  const long = 'x'.repeat(2 * 1024 * 1024);
  const owned = [
    { manager: 'm', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: { [long]: {} } },
  ];
  expect(run({ body: base({ metadata: { name: 'm' }, data: { a: long } }) })).toMatchObject({ ok: false, code: 500 });
  expect(run({ body: base({ data: { a: long } }), stored: false })).toMatchObject({ ok: true });
  expect(run({ body: base({ metadata: { name: 'm', managedFields: owned } }) })).toMatchObject({ ok: true });
});

it('what is no fault of the body is thrown', () => {
  expect(() => run({ body: '{}', patch: { kind: 'merge', base: Buffer.from('not JSON') } })).toThrow(SyntaxError);
});

it('keeps whole numbers of 64 bits, sent and stored', () => {
  const stored = '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"m"},"old":1711111111111111111';
  const bytes = Buffer.from('{"new":1711111111111111112}');
  const patch = { kind: 'merge', base: Buffer.from(`${stored}}`) } as const;
  const open = { ...name, schema: { type: 'any' } } as const;
  const result = atOnce(runBodyTask({ expected: name, fieldValidation: 'Warn', bytes, stored: true, patch }, open));
  expect(result.ok && String(Buffer.from(result.json))).toBe(`${stored},"new":1711111111111111112}`);
});
