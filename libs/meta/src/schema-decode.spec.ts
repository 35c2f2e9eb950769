import { describe, expect, it } from 'vitest';
import type { Json } from './object.ts';
import { widgetSchema } from './schema.fixture.ts';
import type { Schema, StructSchema } from './schema.ts';
import { decodeBySchema, strictDecodingError } from './schema-decode.ts';
import { applyDefaults } from './schema-defaults.ts';

const options = { kind: 'Widget', version: 'v1', collectUnknown: true };
const decode = (value: unknown, more = {}) =>
  decodeBySchema(widgetSchema, structuredClone(value) as Json, { ...options, ...more });

describe('decoding by schema', () => {
  const prefix = 'Widget in version "v1" cannot be handled as a Widget: ';
  const field = 'json: cannot unmarshal';
  it.each([
    [{ spec: { replicas: '3' } }, `${field} string into Go struct field WidgetSpec.spec.replicas of type int32`],
    [{ spec: { replicas: 1.5 } }, `${field} number 1.5 into Go struct field WidgetSpec.spec.replicas of type int32`],
    [
      { spec: { replicas: 2147483648 } },
      `${field} number 2147483648 into Go struct field WidgetSpec.spec.replicas of type int32`,
    ],
    [{ spec: { replicas: true } }, `${field} bool into Go struct field WidgetSpec.spec.replicas of type int32`],
    [{ spec: [] }, `${field} array into Go struct field Widget.spec of type v1.WidgetSpec`],
    [
      { spec: { containers: {} } },
      `${field} object into Go struct field WidgetSpec.spec.containers of type []v1.Container`,
    ],
    [
      { spec: { containers: [{ image: 5 }] } },
      `${field} number into Go struct field Container.spec.containers.image of type string`,
    ],
    [
      { metadata: { labels: { a: 1 } } },
      `${field} number into Go struct field ObjectMeta.metadata.labels of type string`,
    ],
    [
      { metadata: { labels: 'a' } },
      `${field} string into Go struct field ObjectMeta.metadata.labels of type map[string]string`,
    ],
    [
      { spec: { strategy: { rolling: { surge: true } } } },
      `${field} bool into Go struct field Rolling.spec.strategy.rolling.surge of type int32`,
    ],
    [
      { metadata: { creationTimestamp: 5 } },
      `${field} number into Go struct field ObjectMeta.metadata.creationTimestamp of type string`,
    ],
    [
      { spec: { containers: [{ resources: { limits: { cpu: 'x' } } }] } },
      'quantities must match the regular expression',
    ],
    [{ metadata: { creationTimestamp: 'now' } }, 'parsing time "now" as "2006-01-02T15:04:05Z07:00"'],
    [{ spec: { data: 'a!b' } }, 'illegal base64 data at input byte 1'],
    [
      { spec: { size: 9223372036854775808n } },
      'number 9223372036854775808 into Go struct field WidgetSpec.spec.size of type int64',
    ],
    [{ spec: { size: 9007199254740993n } }, 'spec.size: integer 9007199254740993 cannot be kept exactly'],
    ['x', `${field} string into Go value of type v1.Widget`],
  ])('%o is refused', (value, words) => {
    expect(() => decode(value)).toThrow(words);
    expect(() => decode(value)).toThrow(prefix);
  });

  it('unknown fields are pruned and told with their path', () => {
    const { value, unknown } = decode({ bogus: 1, spec: { containers: [{ name: 'a', imag: 'x' }], constructor: {} } });
    expect(value).toEqual({ spec: { containers: [{ name: 'a' }] } });
    expect(unknown).toEqual([
      'unknown field "bogus"',
      'unknown field "spec.containers[0].imag"',
      'unknown field "spec.constructor"',
    ]);
    expect(strictDecodingError(options, [...unknown.slice(0, 1), 'duplicate field "spec.x"']).toStatus()).toMatchObject(
      {
        code: 400,
        message: `${prefix}strict decoding error: unknown field "bogus", duplicate field "spec.x"`,
      },
    );
  });

  it('null is absent, and a zero value where it cannot be', () => {
    expect(
      decode({
        metadata: { creationTimestamp: null, labels: { a: null } },
        spec: { replicas: null, containers: [null] },
      }).value,
    ).toEqual({
      metadata: { labels: { a: '' } },
      spec: { containers: [{}] },
    });
  });

  it('what Go would not write is dropped, unless its absence would mean something else', () => {
    const said = { metadata: { labels: {} }, spec: { replicas: 0, containers: [], free: {} } };
    expect(decode(said).value).toEqual({ metadata: {}, spec: { replicas: 0, containers: [], free: {} } });
    expect(decode({ spec: { containers: [{ name: '', stdin: false, args: [] }] } }).value).toEqual({
      spec: { containers: [{ name: '' }] },
    });
    expect(decode(said, { keepEmpty: true }).value).toEqual(said);
  });

  it.each([
    [9007199254740993n, 9007199254740993n],
    [-9223372036854775808n, -9223372036854775808n],
    [9007199254740994n, 9007199254740994],
    [2n ** 63n, 2 ** 63],
  ])('%d is kept as %d where anything may stand', (sent, kept) => {
    expect(decode({ spec: { free: { a: [sent] } } }).value).toEqual({ spec: { free: { a: [kept] } } });
  });

  it('quantities are written canonically, exact at any size', () => {
    const limits = { cpu: '1000m', memory: 9007199254740993n, disk: 5 };
    expect(decode({ spec: { containers: [{ resources: { limits } }] } }).value).toMatchObject({
      spec: { containers: [{ resources: { limits: { cpu: '1', memory: '9007199254740993', disk: '5' } } }] },
    });
  });
});

describe('the schema’s own rules', () => {
  it('defaults are filled in at any depth, once', () => {
    const draft = {
      spec: { containers: [{ name: 'a', ports: [{ containerPort: 80 }, { containerPort: 81, protocol: 'UDP' }] }] },
    };
    applyDefaults(widgetSchema, draft as Json);
    const once = structuredClone(draft);
    expect(draft.spec.containers[0]!.ports[0]).toEqual({ containerPort: 80, protocol: 'TCP' });
    expect(draft.spec.containers[0]!.ports[1]).toEqual({ containerPort: 81, protocol: 'UDP' });
    applyDefaults(widgetSchema, draft as Json);
    expect(draft).toEqual(once);
  });
});

describe('what is deep', () => {
  const nested = (levels: number): Json => {
    let value: Json = {};
    for (let level = 1; level < levels; level++) value = { a: value };
    return value;
  };
  /** A list of itself, as schemas may be. */
  const chain: StructSchema = { type: 'struct', fields: {} };
  Object.assign(chain.fields, { a: { schema: chain }, any: { schema: { type: 'any' } } });
  const fields: StructSchema = { type: 'struct', wire: 'fieldsv1', fields: {} };
  const within = (schema: Schema): Schema => ({
    type: 'struct',
    fields: { list: { schema: { type: 'list', listType: 'atomic', items: schema } } },
  });
  const read = (schema: Schema, value: Json, more = {}) => decodeBySchema(schema, value, { ...options, ...more }).value;
  const anyIn = (levels: number, inner: number): Json => {
    let value: Json = { any: nested(inner) };
    for (let level = 1; level < levels; level++) value = { a: value };
    return value;
  };

  it.each<[string, Schema, Json]>([
    ['a schema that holds itself', chain, nested(1000)],
    ['anything below it', chain, anyIn(500, 499)],
    ['the fields of an object that is itself as deep', within(fields), { list: [nested(1001)] }],
  ])('is read to a thousand levels: %s', (_, schema, value) => {
    const sent = JSON.stringify(value);
    expect(JSON.stringify(read(schema, value, { keepEmpty: true }))).toBe(sent);
  });

  it.each<[string, Schema, Json]>([
    ['a schema that holds itself', chain, nested(1001)],
    ['very much deeper', chain, nested(9000)],
    ['anything below it', chain, anyIn(500, 502)],
    ['fields', within(fields), { list: [nested(1003)] }],
  ])('and refused below, also where wrong values are kept: %s', (_, schema, value) => {
    for (const keepWrong of [false, true])
      expect(() => read(schema, structuredClone(value), { keepWrong })).toThrow('exceeded max depth');
  });
});
