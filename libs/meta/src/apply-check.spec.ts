import { expect, it } from 'vitest';
import { checkConfiguration } from './apply-check.ts';
import { MOST_TOLD_FAULTS } from './body-limits.ts';
import type { Json } from './object.ts';
import { widgetSchema } from './schema.fixture.ts';
import type { StructSchema } from './schema.ts';

const config = (spec: Json, metadata: object = { name: 'w', namespace: 'ns' }, apiVersion = 'example.test/v1') =>
  ({ apiVersion, kind: 'Widget', metadata, spec }) as unknown as Json;

const string = { type: 'string' } as const;
const kinds: StructSchema = {
  type: 'struct',
  fields: {
    metadata: {
      schema: {
        type: 'struct',
        fields: { managedFields: { schema: { type: 'list', listType: 'atomic', items: { type: 'any' } } } },
      },
    },
    spec: {
      schema: {
        type: 'struct',
        fields: {
          replicas: { schema: { type: 'integer', format: 'int32' } },
          paused: { schema: { type: 'boolean' } },
          list: { schema: { type: 'list', listType: 'atomic', items: string } },
          set: { schema: { type: 'list', listType: 'set', items: string } },
          map: { schema: { type: 'map', values: string } },
          named: {
            schema: {
              type: 'list',
              listType: 'map',
              keys: ['name'],
              items: { type: 'struct', fields: { name: { schema: string } } },
            },
          },
          amount: { schema: { type: 'quantity' } },
          time: { schema: { type: 'string', format: 'date-time' } },
          port: { schema: { type: 'int-or-string' } },
          anyway: { schema: { type: 'any' } },
        },
      },
    },
  },
};

it.each<[Json, string]>([
  [
    config({ containers: [{ name: 'c' }, { name: 'd' }, { name: 'c' }] }),
    '(ns/w; example.test/v1, Kind=Widget): .spec.containers: duplicate entries for key [name="c"]',
  ],
  [
    config(
      { containers: [{ name: 'c', ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'TCP' }] }] },
      { name: 'w' },
      'v1',
    ),
    '(/w; /v1, Kind=Widget): .spec.containers[name="c"].ports: duplicate entries for key [containerPort=80,protocol="TCP"]',
  ],
  [
    config({}, { name: 'w', namespace: 'ns', finalizers: ['a', 'a', 'a'] }),
    '(ns/w; example.test/v1, Kind=Widget): errors:\n  .metadata.finalizers: duplicate entries for key [="a"]\n  .metadata.finalizers: duplicate entries for key [="a"]',
  ],
  [
    config({ containers: [{ image: '1' }] }),
    `(ns/w; example.test/v1, Kind=Widget): .spec.containers: element 0: associative list with keys has an element that omits all key fields ["name"] (and doesn't have default values for any key fields)`,
  ],
  [config({ bogus: null }), '(ns/w; example.test/v1, Kind=Widget): .spec.bogus: field not declared in schema'],
  [
    config({ selector: { matchLabels: { any: 'x' }, other: {} } }),
    '(ns/w; example.test/v1, Kind=Widget): .spec.selector.other: field not declared in schema',
  ],
  [
    config({
      containers: [
        { name: 'c', ports: [{ containerPort: 80, bogus: 1, more: 2 }] },
        { name: 'd', constructor: 1 },
        { name: 'd' },
      ],
    }),
    '(ns/w; example.test/v1, Kind=Widget): errors:\n  .spec.containers[name="c"].ports[containerPort=80,protocol="TCP"].bogus: field not declared in schema\n  .spec.containers[name="d"].constructor: field not declared in schema\n  .spec.containers: duplicate entries for key [name="d"]',
  ],
])('what cannot be merged is refused in Kubernetes’ words: %j', (object, why) => {
  expect(() => checkConfiguration(widgetSchema, object)).toThrow(
    expect.objectContaining({ code: 500, reason: '', message: `failed to create typed patch object ${why}` }),
  );
});

const value = (syntax: string) => `got &value.valueUnstructured{Value:${syntax}}`;
it.each<[object, string]>([
  [{ spec: 'x' }, '.spec: expected map, got &{x}'],
  [{ spec: { replicas: '3' } }, '.spec.replicas: expected numeric (int or float), got string'],
  [{ spec: { replicas: { a: 1 } } }, '.spec.replicas: expected numeric (int or float), got map[string]interface {}'],
  [
    { spec: { paused: { b: [1, 2.5, null], a: 's' } } },
    '.spec.paused: expected boolean, got &{map[a:s b:[1 2.5 <nil>]]}',
  ],
  [{ spec: { list: { a: 'b' } } }, '.spec.list: expected list, got &{map[a:b]}'],
  [{ spec: { list: ['a', 1] } }, `.spec.list[1]: expected string, ${value('1')}`],
  [
    { spec: { map: { a: { b: null } } } },
    `.spec.map.a: expected string, ${value('map[string]interface {}{"b":interface {}(nil)}')}`,
  ],
  [{ spec: { named: [{ name: 5 }] } }, `.spec.named[name=5].name: expected string, ${value('5')}`],
  [{ spec: { named: [{ name: 10n ** 30n }] } }, `.spec.named[name=1e+30].name: expected string, ${value('1e+30')}`],
  [{ spec: { set: ['a', 5] } }, `.spec.set[=5]: expected string, ${value('5')}`],
  [{ spec: { set: [{}] } }, ".spec.set: element 0: associative list without keys has an element that's a map type"],
  [{ spec: { set: [[]] } }, '.spec.set: element 0: not supported: associative list with lists as elements'],
  [{ spec: { amount: ['1'] } }, '.spec.amount: expected any scalar, got &{[1]}'],
  [{ spec: { time: { a: 1 } } }, '.spec.time: expected any scalar, got &{map[a:1]}'],
  [
    { metadata: 5, spec: { paused: 1 } },
    'errors:\n  .metadata: expected map, got &{5}\n  .spec.paused: expected boolean, got &{1}',
  ],
  [{ metadata: { managedFields: 'x' } }, '.metadata.managedFields: expected list, got &{x}'],
])('a value of a wrong type is shown as Go shows it: %o', (sent, why) => {
  expect(() => checkConfiguration(kinds, sent as Json)).toThrow(new RegExp(`: ${RegExp.escape(why)}$`));
});

it.each<[object]>([
  [{ metadata: null, spec: { replicas: null, named: null, set: null, time: null } }],
  [{ spec: { replicas: 1.5, amount: true, time: 5, anyway: { a: [1] }, port: { a: 1 } } }],
])('what only its own type can judge is none of its faults: %o', (sent) => {
  expect(() => checkConfiguration(kinds, sent as Json)).not.toThrow();
});

it.each([[[]], [[{}]]])('managed fields are not applied, whatever else is wrong: %j', (managedFields) => {
  expect(() => checkConfiguration(kinds, { metadata: { managedFields }, spec: 5 } as Json)).toThrow(
    expect.objectContaining({ code: 400, message: 'metadata.managedFields must be nil' }),
  );
});

it('the same value twice in an atomic list is no fault', () => {
  expect(() =>
    checkConfiguration(widgetSchema, config({ containers: [{ name: 'c', args: ['a', 'a'] }] })),
  ).not.toThrow();
});

const text = { schema: { type: 'string' as const } };
const struct = (fields: StructSchema['fields'], more: Partial<StructSchema> = {}): StructSchema => ({
  type: 'struct',
  fields: { metadata: { schema: { type: 'any' } }, ...fields },
  ...more,
});

it.each<[string, StructSchema, Json, boolean]>([
  ['anything', struct({ free: { schema: { type: 'any' } } }), { free: { a: [{ b: 1 }] } }, true],
  ['a struct that keeps unknown fields', struct({ a: text }, { preserveUnknownFields: true }), { b: { c: 1 } }, true],
  [
    'a struct that declares no field',
    struct({ empty: { schema: { type: 'struct', fields: {} } } }),
    { empty: { a: 1 } },
    true,
  ],
  [
    'a struct in one that keeps unknown fields',
    struct({ in: { schema: struct({ a: text }) } }, { preserveUnknownFields: true }),
    { in: { b: 1 } },
    true,
  ],
  [
    'a named struct in one that keeps unknown fields',
    struct({ in: { schema: struct({ a: text }, { name: 'io.example.In' }) } }, { preserveUnknownFields: true }),
    { in: { b: 1 } },
    false,
  ],
])('%s takes a field that is not declared, or does not: %j', (_what, schema, value, takes) => {
  const checks = expect(() => checkConfiguration(schema, { metadata: {}, ...(value as object) }));
  if (takes) checks.not.toThrow();
  else checks.toThrow('.in.b: field not declared in schema');
});

it('of very many faults some are told', () => {
  const containers = Array.from({ length: 5000 }, (_, i) => ({ name: `c${i}`, bogus: 1 }));
  let told = '';
  try {
    checkConfiguration(widgetSchema, config({ containers }));
  } catch (error) {
    told = (error as Error).message;
  }
  expect(told.match(/field not declared/g)).toHaveLength(MOST_TOLD_FAULTS);
});
