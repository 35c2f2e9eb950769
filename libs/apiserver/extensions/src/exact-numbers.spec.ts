import { Catalog } from '@kubernest/apiserver/contract';
import { builtinKinds } from '@kubernest/kinds';
import { FakeClock } from '@kubernest/kit';
import { memoryStore } from '@kubernest/store/memory';
import { type TestServer, testServer } from '@kubernest/testkit/server';
import { describe, expect, it } from 'vitest';
import { widgetPath as path, widgetOf } from './widget.fixture.ts';

const LONG = 1711111111111111111n;
const integer = { type: 'integer', format: 'int64' };
const spec = {
  type: 'object',
  properties: {
    long: integer,
    plain: { type: 'integer' },
    short: { type: 'integer', format: 'int32' },
    number: { type: 'number' },
    either: { 'x-kubernetes-int-or-string': true },
    any: { 'x-kubernetes-preserve-unknown-fields': true },
    enum: { ...integer, enum: [1, LONG] },
    least: { ...integer, minimum: 9007199254740992 },
    most: { ...integer, maximum: 9007199254740992 },
    even: { ...integer, multipleOf: 2 },
    set: { type: 'array', items: integer, 'x-kubernetes-list-type': 'set' },
    map: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['id'],
      items: { type: 'object', required: ['id'], properties: { id: integer, on: { type: 'boolean' } } },
    },
    filled: { type: 'object', properties: { long: { ...integer, default: LONG } } },
  },
};
const openApi = { type: 'object', properties: { spec } };
const widget = widgetOf(openApi, {
  additionalPrinterColumns: [
    { name: 'long', type: 'integer', jsonPath: '.spec.long' },
    { name: 'text', type: 'string', jsonPath: '.spec.long' },
    { name: 'fraction', type: 'number', jsonPath: '.spec.long' },
    { name: 'on', type: 'boolean', jsonPath: `.spec.map[?(@.id==${LONG})].on` },
  ],
  selectableFields: [{ jsonPath: '.spec.long' }],
});

const serve = (parts: Parameters<typeof testServer>[0] = {}) =>
  testServer({ catalog: new Catalog([...builtinKinds, widget]), ...parts });
const sent = (spec: string, name = 'a') =>
  `{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"${name}"},"spec":${spec}}`;
const as = (type: string) => ({ 'content-type': `application/${type}` });

const ways: readonly (readonly [line: string, type: string, body: (spec: string) => string])[] = [
  [`POST ${path}`, 'json', sent],
  [`POST ${path}`, 'yaml', sent],
  [`PATCH ${path}/a?fieldManager=a`, 'apply-patch+yaml', sent],
  [`PUT ${path}/old`, 'json', (spec) => sent(spec, 'old')],
  [`PATCH ${path}/old`, 'merge-patch+json', (spec) => `{"spec":${spec}}`],
  [`PATCH ${path}/old`, 'json-patch+json', (spec) => `[{"op":"add","path":"/spec","value":${spec}}]`],
];

describe.each(ways)('%s as %s', (line, type, body) => {
  const write = async (api: TestServer, spec: string) => {
    const { object: old } = await api.call(`POST ${path}`, sent('{}', 'old'));
    const text = body(spec).replace('"old"', `"old","resourceVersion":"${old.metadata.resourceVersion}"`);
    return await api.call(line, text, as(type));
  };

  it.each([
    `{"long":${LONG}}`,
    '{"plain":-9007199254740993}',
    '{"plain":9007199254740991}',
    '{"long":-9223372036854775808}',
    '{"either":9223372036854775807}',
    '{"number":9223372036854775807}',
    '{"any":{"a":[{"b":9007199254740993}]}}',
    '{"any":[9007199254740992,9007199254740994]}',
    `{"enum":${LONG}}`,
    '{"least":9007199254740993}',
    '{"even":9007199254740994}',
    '{"even":1711111111111111112}',
    `{"set":[${LONG},1711111111111111112]}`,
    `{"map":[{"id":${LONG}},{"id":1711111111111111112}]}`,
  ])('%s is kept as it is', async (spec) => {
    await using api = await serve();
    const { status, text, object } = await write(api, spec);
    expect([status, text]).toEqual([expect.toBeOneOf([200, 201]), expect.stringContaining(`"spec":${spec}`)]);
    // What has it from the store alone.
    await using other = await serve({ store: api.store });
    const at = `${path}/${object.metadata.name}`;
    for (const url of [at, path]) expect((await other.call(`GET ${url}`)).text).toContain(`"spec":${spec}`);
    const { text: labelled } = await other.call(
      `PATCH ${at}`,
      { metadata: { labels: { a: 'b' } } },
      as('merge-patch+json'),
    );
    expect(labelled).toContain(`"spec":${spec}`);
  });

  it.each([
    ['{"long":9223372036854775808}', 'spec.long in body must be of type int64: "float64"'],
    ['{"short":9007199254740993}', 'must be of type integer with format int32'],
    [
      '{"enum":1711111111111111112}',
      `spec.enum: Unsupported value: 1711111111111111112: supported values: "1", "${LONG}"`,
    ],
    [
      '{"least":-9007199254740993}',
      'spec.least: Invalid value: -9007199254740993: spec.least in body should be greater',
    ],
    ['{"most":9007199254740993}', 'spec.most: Invalid value: 9007199254740993: spec.most in body should be less'],
    ['{"even":9007199254740993}', 'spec.even: Invalid value: 9007199254740993: spec.even in body should be a multiple'],
    [`{"set":[${LONG},${LONG}]}`, `${type.startsWith('apply') ? '' : 'spec.set[1]: Duplicate value: '}${LONG}`],
  ])('%s is refused', async (spec, words) => {
    await using api = await serve();
    const { status, object } = await write(api, spec);
    expect(status).toBeOneOf([422, 500]);
    expect(object.message).toContain(words);
  });

  it('what has more than 64 bits is a fraction', async () => {
    await using api = await serve();
    expect((await write(api, '{"any":18446744073709551617}')).text).toContain('"any":18446744073709552000');
  });

  // An application that has a field that nobody knows is refused.
  if (!type.startsWith('apply'))
    it('what is dropped may be as large as it likes', async () => {
      await using api = await serve();
      expect((await write(api, '{"bogus":1711111111111111111}')).object.spec).toEqual({});
    });

  // YAML has a word for it.
  if (type.endsWith('json'))
    it('a number beyond all is none', async () => {
      await using api = await serve();
      const { status, object } = await write(api, '{"any":1e400}');
      expect(status).toBe(400);
      expect(object.message).toContain('json: cannot unmarshal number');
    });
});

describe('a whole number of 64 bits', () => {
  it('is seen by watches, selectors, columns and as YAML', async () => {
    await using api = await serve();
    const watch = await api.watch(`${path}?watch=1`);
    await api.call(`POST ${path}`, sent(`{"long":${LONG},"map":[{"id":1},{"id":${LONG},"on":true}]}`));
    await api.call(`POST ${path}`, sent(`{"long":${LONG + 1n}}`, 'b'));
    await watch.next(2);
    watch.stop();
    await watch.ended;
    expect(watch.chunks.join('')).toContain(`"long":${LONG},`);
    const selected = await api.call(`GET ${path}?fieldSelector=spec.long=${LONG}`);
    expect(selected.object.items).toMatchObject([{ metadata: { name: 'a' } }]);
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const { text: table } = await api.call(`GET ${path}`, undefined, { accept });
    expect(table).toContain(`"cells":["a",${LONG},"${LONG}",1711111111111111200,true]`);
    const { text: yaml } = await api.call(`GET ${path}/a`, undefined, { accept: 'application/yaml' });
    expect(yaml).toContain(`long: ${LONG}\n`);
  });

  it('is filled in as a default', async () => {
    await using api = await serve();
    expect((await api.call(`POST ${path}`, sent('{"filled":{}}'))).text).toContain(`"filled":{"long":${LONG}}`);
  });

  it('names the items that somebody owns, each for itself', async () => {
    await using api = await serve();
    const apply = (manager: string, spec: string) =>
      api.call(`PATCH ${path}/a?fieldManager=${manager}`, sent(spec), as('apply-patch+yaml'));
    await apply('one', `{"set":[${LONG}],"map":[{"id":${LONG},"on":true}]}`);
    const { object, text } = await apply('two', `{"set":[${LONG + 1n}],"map":[{"id":${LONG + 1n},"on":false}]}`);
    expect(text).toContain(`"spec":{"set":[${LONG},${LONG + 1n}],"map":[{"id":${LONG},"on":true},{"id":${LONG + 1n},`);
    const [one] = object.metadata.managedFields;
    expect(one.fieldsV1['f:spec']).toEqual({
      'f:map': { [`k:{"id":${LONG}}`]: { '.': {}, 'f:id': {}, 'f:on': {} } },
      'f:set': { [`v:${LONG}`]: {} },
    });
    const conflict = await apply('three', `{"map":[{"id":${LONG},"on":false}]}`);
    expect(conflict.object.message).toContain(`.spec.map[id=${LONG}].on`);
    expect((await apply('one', '{}')).text).toContain(
      `"spec":{"set":[${LONG + 1n}],"map":[{"id":${LONG + 1n},"on":false}]}`,
    );
  });

  it('counts where a patch tests it', async () => {
    await using api = await serve();
    await api.call(`POST ${path}`, sent(`{"long":${LONG}}`));
    const test = (value: bigint) => {
      const operations = `[{"op":"test","path":"/spec/long","value":${value}},{"op":"add","path":"/spec/plain","value":1}]`;
      return api.call(`PATCH ${path}/a`, operations, as('json-patch+json'));
    };
    expect((await test(LONG + 1n)).status).toBe(422);
    expect((await test(LONG)).text).toContain(`"spec":{"long":${LONG},"plain":1}`);
  });

  it('is kept in what a built-in kind has from others', async () => {
    await using api = await serve();
    const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    const body = JSON.stringify({
      metadata: { name: 'lamps.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { plural: 'lamps', kind: 'Lamp' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: openApi } }],
      },
    });
    expect((await api.call(`POST ${definitions}`, body)).text).toContain(`"default":${LONG}`);
    const protobuf = { accept: 'application/vnd.kubernetes.protobuf' };
    const { text } = await api.call(`GET ${definitions}/lamps.example.com`, undefined, protobuf);
    expect(text).toContain(String(LONG));
  });

  it('is kept where a body is large, on the thread', async () => {
    const store = memoryStore({ clock: new FakeClock() });
    await using api = await serve({ store });
    const wide = JSON.stringify('x'.repeat(300_000));
    const { text } = await api.call(`POST ${path}`, sent(`{"any":{"long":${LONG},"wide":${wide}}}`));
    expect(text).toContain(`"long":${LONG}`);
    const { text: patched } = await api.call(
      `PATCH ${path}/a`,
      `{"spec":{"any":{"more":${LONG + 1n}}}}`,
      as('merge-patch+json'),
    );
    expect(patched).toContain(`"more":${LONG + 1n}`);
    expect(patched).toContain(`"long":${LONG},`);
  });
});
