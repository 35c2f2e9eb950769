import { expect, it } from 'vitest';
import { checkConfiguration } from './apply-check.ts';
import { MOST_TOLD_FAULTS } from './body-limits.ts';
import type { Json, KubeObject } from './object.ts';
import { widgetSchema } from './schema.fixture.ts';
import type { StructSchema } from './schema.ts';

const config = (spec: Json, metadata: object = { name: 'w', namespace: 'ns' }, apiVersion = 'example.test/v1') =>
  ({ apiVersion, kind: 'Widget', metadata, spec }) as unknown as KubeObject;

it.each<[KubeObject, string]>([
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
  const checks = expect(() => checkConfiguration(schema, { metadata: {}, ...(value as object) } as KubeObject));
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
