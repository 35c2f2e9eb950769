import { atOnce, clone, type Json, type JsonObject, type Steps } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import { decodeResource } from './decode-resource.ts';
import { applyDefaults } from './defaults.ts';
import type { JsonSchemaProps } from './props.ts';
import { prune } from './prune.ts';
import { compiled, kindOf, lamp } from './schema.fixture.ts';
import { validateCustomResource } from './validate/validate-custom-resource.ts';

/** How many steps there were. */
function stepsOf(steps: Steps<unknown>): number {
  let count = 0;
  while (!steps.next().done) count++;
  return count;
}

const many = Array.from({ length: 5000 }, (_, i) => i);
const listOf = (items: JsonSchemaProps) => compiled(kindOf({ f: { type: 'array', items } }));
const empty = (length: number): JsonObject => lamp({ f: Array.from({ length }, () => ({})) });
const refuse = () => new Error('it grows too much');

describe('a short object that stands for a long one', () => {
  const schema = listOf({
    type: 'object',
    properties: { d: { type: 'array', items: { type: 'integer' }, default: many } },
  });

  it('is filled in in steps, each of some hundred values that are copied or looked at', () => {
    const object = empty(100);
    expect(stepsOf(applyDefaults(object, schema))).toBeGreaterThan((2 * 100 * many.length) / 300);
    expect(object).toEqual(lamp({ f: Array.from({ length: 100 }, () => ({ d: many })) }));
  });

  it('is refused as soon as it has grown too much', () => {
    const mostBytes = 5 * JSON.stringify({ d: many }).length;
    const object = empty(1000);
    expect(() => atOnce(applyDefaults(object, schema, { mostBytes, refuse }))).toThrow('it grows too much');
    const filled = (object['spec'] as { f: object[] }).f.filter((item) => 'd' in item);
    expect(filled).toHaveLength(5);
  });

  it('grows no further where nobody refuses it', () => {
    const object = empty(10);
    atOnce(applyDefaults(object, schema, { mostBytes: 5 * JSON.stringify({ d: many }).length }));
    const filled = (object['spec'] as { f: object[] }).f.filter((item) => 'd' in item);
    expect(filled).toHaveLength(5);
  });

  it.each<[string, JsonSchemaProps, Json]>([
    ['texts', { type: 'string', default: 'x'.repeat(1000) }, {}],
    ['names of fields', { type: 'boolean', default: true }, {}],
    ['nulls', { type: 'string', default: 'x'.repeat(1000) }, { [`k${'k'.repeat(1000)}`]: null }],
  ])('%s count', (_name, field, item) => {
    const items = listOf({ type: 'object', properties: { [`k${'k'.repeat(1000)}`]: field } });
    const object = lamp({ f: Array.from({ length: 100 }, () => clone(item)) });
    expect(() => atOnce(applyDefaults(object, items, { mostBytes: 90_000, refuse }))).toThrow('it grows too much');
    expect(() => atOnce(applyDefaults(clone(object), items, { mostBytes: 250_000, refuse }))).not.toThrow();
  });
});

it('what is made of many empty objects is walked in steps', () => {
  const schema = listOf({ type: 'object', properties: { a: { type: 'string', default: 'a' } } });
  const object = empty(30_000);
  for (const steps of [
    prune(clone(object), schema),
    decodeResource(clone(object), schema, { refuse: () => new Error() as never }),
    applyDefaults(clone(object), schema),
  ])
    expect(stepsOf(steps)).toBeGreaterThan(200);
});

it('a value is not held against each that is allowed', () => {
  const looked: Json[] = [];
  const allowed = new Proxy(many as Json[], {
    get(target, key) {
      if (typeof key === 'string' && /^\d+$/.test(key)) looked.push(Number(key));
      return Reflect.get(target, key);
    },
  });
  const schema = listOf({ type: 'integer', enum: allowed });
  const object = lamp({ f: Array.from({ length: 100 }, () => many.length - 1) });
  expect(atOnce(validateCustomResource(object, schema))).toEqual([]);
  expect(looked.length).toBeLessThan(10 * many.length);
});
