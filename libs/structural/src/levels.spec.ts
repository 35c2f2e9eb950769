import { atOnce, type Json, type JsonObject } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { isDeeperThan } from './levels.ts';

const many = 20_000;

it.each<[string, Json]>([
  ['fields', Object.fromEntries(Array.from({ length: many }, (_, i) => [`k${i}`, i]))],
  ['items', Array.from({ length: many }, (_, i) => i)],
])('one level with very many %s is looked through in short steps', (_, value) => {
  const steps = isDeeperThan({ value }, 2);
  let count = 0;
  let step = steps.next();
  for (; !step.done; step = steps.next()) count++;
  expect(step.value).toBe(false);
  expect(count).toBeGreaterThanOrEqual(Math.floor(many / 256));
});

it.each<[JsonObject, number, boolean]>([
  [{}, 1, false],
  [{ a: 1 }, 1, false],
  [{ a: {} }, 1, true],
  [{ a: [[1]], b: { c: [] } }, 3, false],
  [{ a: [[{}]] }, 3, true],
  [{ metadata: { a: { b: {} } }, a: 1 }, 1, false],
])('%j has more than %i levels: %s', (object, most, deeper) => {
  expect(atOnce(isDeeperThan(object, most))).toBe(deeper);
});
