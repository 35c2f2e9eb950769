import { atOnce, clone, type Json } from '@kubernest/meta';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyDefaults, dropNulls } from './defaults.ts';
import type { JsonSchemaProps } from './props.ts';
import { anyJson, anyKind, compiled, kindOf, lamp } from './schema.fixture.ts';

const count: JsonSchemaProps = { type: 'integer', default: 3 };
const nested: JsonSchemaProps = { type: 'object', properties: { n: count } };

const cases: readonly (readonly [string, JsonSchemaProps, Json, Json])[] = [
  ['an absent field', nested, {}, { n: 3 }],
  ['a null that may be none', nested, { n: null }, { n: 3 }],
  [
    'no null that may be one',
    { type: 'object', properties: { n: { ...count, nullable: true } } },
    { n: null },
    { n: null },
  ],
  ['no field that is there', nested, { n: 'x' }, { n: 'x' }],
  ['fields of a default', { type: 'object', properties: { o: { ...nested, default: {} } } }, {}, { o: { n: 3 } }],
  ['a null item', { type: 'array', items: count }, [1, null], [1, 3]],
  ['a null entry', { type: 'object', additionalProperties: count }, { a: null, b: 1 }, { a: 3, b: 1 }],
  ['what is in items', { type: 'array', items: nested }, [{}, { n: 1 }], [{ n: 3 }, { n: 1 }]],
  ['nothing in a value of another type', nested, 'x', 'x'],
  [
    'without what nobody knows of it',
    { type: 'object', properties: { o: { ...nested, default: { n: 1, bogus: 2 } } } },
    {},
    { o: { n: 1 } },
  ],
];

describe('defaults fill in', () => {
  it.each(cases)('%s', (_name, props, value, filled) => {
    const object = lamp({ f: clone(value) });
    atOnce(applyDefaults(object, compiled(kindOf({ f: props }))));
    expect(object).toEqual(lamp({ f: filled }));
  });

  it('the metadata of a resource within, as far as metadata has such fields', () => {
    const metadata: JsonSchemaProps = {
      type: 'object',
      default: {},
      properties: {
        name: { type: 'string', default: 'x' },
        bogus: { type: 'string', default: 'y' },
        labels: { type: 'object', default: {}, properties: { app: { type: 'string', default: 'z' } } },
      },
    };
    const resource: JsonSchemaProps = {
      type: 'object',
      'x-kubernetes-embedded-resource': true,
      properties: { metadata },
    };
    const object = lamp({ f: {} });
    atOnce(applyDefaults(object, compiled(kindOf({ f: resource }))));
    expect(object['spec']).toEqual({ f: { metadata: { name: 'x', labels: { app: 'z' } } } });
  });

  it('a copy each time', () => {
    const schema = compiled(kindOf({ f: { type: 'object', default: {}, properties: { a: { type: 'string' } } } }));
    const [one, other] = [lamp({}), lamp({})];
    for (const object of [one, other]) atOnce(applyDefaults(object, schema));
    (one['spec'] as { f: { a?: string } }).f.a = 'changed';
    expect(other).toEqual(lamp({ f: {} }));
  });

  it('once and for all', () => {
    fc.assert(
      fc.property(anyKind, anyJson, (props, spec) => {
        const [schema, object] = [compiled(props), lamp(spec)];
        atOnce(applyDefaults(object, schema));
        const once = clone(object);
        atOnce(applyDefaults(object, schema));
        expect(object).toEqual(once);
      }),
    );
  });
});

describe('nulls', () => {
  it.each<[string, JsonSchemaProps, Json, Json]>([
    ['go where there may be none', { type: 'object', properties: { a: { type: 'string' } } }, { a: null }, {}],
    [
      'stay where there may be one',
      { type: 'object', properties: { a: { type: 'string', nullable: true } } },
      { a: null },
      { a: null },
    ],
    ['stay for a default', nested, { n: null }, { n: null }],
    [
      'stay where nothing is known',
      { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      { a: null },
      { a: null },
    ],
    ['stay as items', { type: 'array', items: { type: 'string' } }, [null], [null]],
    ['go as entries', { type: 'object', additionalProperties: { type: 'string' } }, { a: null }, {}],
  ])('%s', (_name, props, value, left) => {
    const object = lamp({ f: clone(value) });
    atOnce(dropNulls(object, compiled(kindOf({ f: props }))));
    expect(object).toEqual(lamp({ f: left }));
  });
});
