import { describe, expect, it } from 'vitest';
import type { FieldChanges } from './field-changes.ts';
import { compareFields, compareFieldsInSteps } from './field-compare.ts';
import { fieldPaths } from './field-set.ts';
import type { Json } from './object.ts';
import type { Schema } from './schema.ts';

const texts: Schema = { type: 'map', values: { type: 'string' } };
const anything: Schema = { type: 'any' };
const named: Schema = { type: 'list', listType: 'map', keys: ['name'], items: texts };

const told = (changes: FieldChanges) =>
  Object.fromEntries(
    Object.entries(changes).map(([side, set]) => [side, [...fieldPaths(set)].map((path) => path.join(' '))]),
  );

describe('comparing fields', () => {
  it.each(['constructor', 'toString', '__proto__'])('sees a key by the name of %s come and go', (key) => {
    const holding = JSON.parse(`{"${key}":"x"}`) as Json;
    expect(told(compareFields(texts, { a: 'b' }, { a: 'b', ...(holding as object) } as Json))).toMatchObject({
      modified: [],
    });
    expect(told(compareFields(texts, {}, holding))).toEqual({ added: [`f:${key}`], modified: [], removed: [] });
    expect(told(compareFields(texts, holding, {}))).toEqual({ added: [], modified: [], removed: [`f:${key}`] });
  });

  it('tells below another sort of value what came and went, and the value itself as changed', () => {
    expect(told(compareFields(anything, { a: { b: 1 } }, { a: [1] }))).toEqual({
      added: [],
      modified: ['f:a'],
      removed: ['f:a f:b'],
    });
  });

  it('takes steps where there is much, however it is spread: wide, in many small values, or deep', () => {
    const many = Array.from({ length: 3000 }, (_, i) => i);
    const wide = Object.fromEntries(many.map((i) => [`k${i}`, 'v']));
    const small = many.map((i) => ({ name: `n${i}` }));
    const deep = many.reduce<Json>((below) => ({ a: below }), 'end');
    const cases: [Schema, Json, Json][] = [
      [texts, {}, wide],
      [named, [], small],
      [anything, {}, deep],
    ];
    for (const [schema, old, next] of cases) {
      const steps = compareFieldsInSteps(schema, old, next);
      let pauses = 0;
      let last = steps.next();
      for (; !last.done; last = steps.next()) pauses++;
      expect(pauses).toBeGreaterThan(9);
      expect(last.value.added).toEqual(compareFields(schema, old, next).added);
    }
  });
});
