import type { KubeObject } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { encodeStored, encodeStoredInSteps, orderedBytesInSteps, stringifyOrdered } from './stored-bytes.ts';

const many = 50_000;
const wide = {
  spec: { a: 1 },
  ...Object.fromEntries(Array.from({ length: many }, (_, i) => [`k${i}`, 0])),
  metadata: { name: 'a', resourceVersion: '3', labels: {} },
  apiVersion: 'v1',
  ['__proto__']: { x: 1 },
  kind: 'K',
} as unknown as KubeObject;

it.each([
  ['stored', encodeStoredInSteps(wide), encodeStored(wide).toString()],
  ['answered', orderedBytesInSteps(wide, '7'), stringifyOrdered(wide, '7')],
])('an object with very many fields is put in order in short steps: as it is %s', (_, steps, whole) => {
  let count = 0;
  let step = steps.next();
  for (; !step.done; step = steps.next()) count++;
  // More than there are pieces of text.
  expect(count).toBeGreaterThanOrEqual(Math.floor(many / 256));
  expect(step.value.toString()).toBe(whole);
  expect(whole).toMatch(
    /^\{"kind":"K","apiVersion":"v1","metadata":\{"resourceVersion":"7?","name":"a","labels":\{\}\},"spec"/,
  );
});

it('loses no key that somebody chose, and begins with the version of the server', () => {
  const text =
    '{"__proto__":{"a":1},"kind":"K","apiVersion":"v1","metadata":{"name":"x","__proto__":{"b":1},"resourceVersion":"3"}}';
  const expected =
    '{"kind":"K","apiVersion":"v1","metadata":{"resourceVersion":"7","name":"x","__proto__":{"b":1}},"__proto__":{"a":1}}';
  expect(stringifyOrdered(JSON.parse(text) as KubeObject, '7')).toBe(expected);
});
