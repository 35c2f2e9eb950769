import { atOnce, clone, type Json } from '@kubernest/meta';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonSchemaProps } from './props.ts';
import { prune } from './prune.ts';
import { anyJson, anyKind, compiled, kindOf, lamp } from './schema.fixture.ts';

const text: JsonSchemaProps = { type: 'string' };
const open: JsonSchemaProps = { 'x-kubernetes-preserve-unknown-fields': true };
const known: JsonSchemaProps = { type: 'object', properties: { a: text } };

const cases: readonly (readonly [string, JsonSchemaProps, Json, Json, readonly string[]])[] = [
  ['what no property names', known, { a: 'x', b: 1 }, { a: 'x' }, ['spec.f.b']],
  ['in items', { type: 'array', items: known }, [{ b: 1 }, { a: 'x' }], [{}, { a: 'x' }], ['spec.f[0].b']],
  ['in entries', { type: 'object', additionalProperties: known }, { k: { b: 1 } }, { k: {} }, ['spec.f.k.b']],
  [
    'below what takes any member',
    { type: 'object', additionalProperties: true },
    { k: { b: 1 }, l: [{ c: 1 }], m: 5 },
    { k: {}, l: [{}], m: 5 },
    ['spec.f.k.b', 'spec.f.l[0].c'],
  ],
  ['below a text', text, { b: 1 }, {}, ['spec.f.b']],
  ['nothing where all is kept', open, { b: { c: [1] } }, { b: { c: [1] } }, []],
  [
    'what is known again below that',
    { ...open, type: 'object', properties: { k: known } },
    { k: { b: 1 }, x: { y: 1 } },
    { k: {}, x: { y: 1 } },
    ['spec.f.k.b'],
  ],
  [
    'nothing in the items of a list that keeps all',
    { ...open, type: 'array', items: known },
    [{ b: 1 }],
    [{ b: 1 }],
    [],
  ],
  [
    'of a resource all but what every object has',
    { ...known, 'x-kubernetes-embedded-resource': true },
    { kind: 'K', apiVersion: 'v1', metadata: { x: 1 }, b: 1 },
    { kind: 'K', apiVersion: 'v1', metadata: { x: 1 } },
    ['spec.f.b'],
  ],
  [
    'a field called as an object has it',
    known,
    JSON.parse('{"__proto__":{"x":1},"constructor":2}') as Json,
    {},
    ['spec.f.__proto__', 'spec.f.constructor'],
  ],
];

describe('pruning drops', () => {
  it.each(cases)('%s', (_name, props, value, left, unknown) => {
    const object = lamp({ f: clone(value) });
    expect(atOnce(prune(object, compiled(kindOf({ f: props })), { collectUnknown: true }))).toEqual(unknown);
    expect(object).toEqual(lamp({ f: left }));
  });

  it('nothing of what every object has, and is silent about it', () => {
    const object = { ...lamp({}), extra: 1 };
    const schema = compiled(kindOf({}));
    expect(atOnce(prune(object, schema, { collectUnknown: true }))).toEqual(['extra']);
    expect(object).toEqual(lamp({}));
  });

  it('once and for all', () => {
    fc.assert(
      fc.property(anyKind, anyJson, (props, spec) => {
        const [schema, object] = [compiled(props), lamp(spec)];
        const before = JSON.stringify(object);
        const told = atOnce(prune(object, schema, { collectUnknown: true }));
        const once = clone(object);
        expect(atOnce(prune(object, schema, { collectUnknown: true }))).toEqual([]);
        expect(object).toEqual(once);
        expect(told.length > 0).toBe(JSON.stringify(object) !== before);
      }),
    );
  });

  it('the same whether or not anybody is to know', () => {
    fc.assert(
      fc.property(anyKind, anyJson, (props, spec) => {
        const [schema, told, silent] = [compiled(props), lamp(clone(spec)), lamp(clone(spec))];
        atOnce(prune(told, schema, { collectUnknown: true }));
        expect(atOnce(prune(silent, schema))).toEqual([]);
        expect(silent).toEqual(told);
      }),
    );
  });
});
