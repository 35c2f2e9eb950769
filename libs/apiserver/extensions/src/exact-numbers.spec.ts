import { Catalog } from '@kubernest/apiserver/contract';
import { builtinKinds } from '@kubernest/kinds';
import { testServer } from '@kubernest/testkit/server';
import { describe, expect, it } from 'vitest';
import { widgetPath as path, widgetOf } from './widget.fixture.ts';

const spec = {
  type: 'object',
  properties: {
    long: { type: 'integer', format: 'int64' },
    plain: { type: 'integer' },
    any: { 'x-kubernetes-preserve-unknown-fields': true },
    enum: { type: 'integer', enum: [1, 2] },
  },
};
const widget = widgetOf({ type: 'object', properties: { spec } });

const sent = (spec: string) => `{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"a"},"spec":${spec}}`;

const ways: readonly (readonly [line: string, type: string, body: (spec: string) => string])[] = [
  [`POST ${path}`, 'json', sent],
  [`POST ${path}`, 'yaml', sent],
  [`PATCH ${path}/a?fieldManager=a`, 'apply-patch+yaml', sent],
  [`PUT ${path}/old`, 'json', (spec) => sent(spec).replace('"a"', '"old"')],
  [`PATCH ${path}/old`, 'merge-patch+json', (spec) => `{"spec":${spec}}`],
  [`PATCH ${path}/old`, 'json-patch+json', (spec) => `[{"op":"add","path":"/spec","value":${spec}}]`],
];

describe.each(ways)('%s as %s', (line, type, body) => {
  const write = async (spec: string) => {
    await using api = await testServer({ catalog: new Catalog([...builtinKinds, widget]) });
    const { object: old } = await api.call(`POST ${path}`, {
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name: 'old' },
    });
    const text = body(spec).replace('"old"', `"old","resourceVersion":"${old.metadata.resourceVersion}"`);
    return await api.call(line, text, { 'content-type': `application/${type}` });
  };

  it.each([
    ['{"long":1711111111111111111}', 'spec.long'],
    ['{"plain":-9007199254740993}', 'spec.plain'],
    ['{"any":{"a":[{"b":9007199254740993}]}}', 'spec.any.a[0].b'],
    ['{"long":1152921504606846976}', 'spec.long'],
    ['{"enum":9007199254740993}', 'spec.enum'],
  ])('%s is refused, as it cannot be kept', async (spec, at) => {
    const { status, object } = await write(spec);
    expect(status).toBe(400);
    const integer = /-?\d{10,}/.exec(spec)![0];
    expect(object.message).toContain(`${at}: integer ${integer} cannot be kept exactly`);
  });

  it.each(['{"long":9007199254740994}', '{"any":[9007199254740992]}', '{"plain":9007199254740991}'])(
    '%s is kept',
    async (spec) => {
      const { status, text } = await write(spec);
      expect([200, 201]).toContain(status);
      expect(text).toContain(`"spec":${spec}`);
    },
  );

  // What is applied has to be known.
  // An application that has a field that nobody knows is refused.
  if (!type.startsWith('apply'))
    it('what is dropped may be as large as it likes', async () => {
      expect((await write('{"bogus":1711111111111111111}')).object.spec).toEqual({});
    });

  // YAML has a word for it.
  if (type.endsWith('json'))
    it('a number beyond all is none', async () => {
      const { status, object } = await write('{"any":1e400}');
      expect(status).toBe(400);
      expect(object.message).toContain('json: cannot unmarshal number');
    });
});
