import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sortElements, sortElementsInSteps } from './path-element.ts';
import { sortInSteps } from './sort-in-steps.ts';
import { atOnce } from './steps.ts';

it('sorts as Array.sort does, equals in the order they came', () => {
  const items = fc.array(fc.record({ key: fc.integer({ min: 0, max: 9 }), id: fc.integer() }), { maxLength: 2000 });
  const byKey = (a: { key: number }, b: { key: number }): number => a.key - b.key;
  fc.assert(
    fc.property(items, (all) => {
      expect(atOnce(sortInSteps(all, (item) => item, byKey))).toEqual([...all].sort(byKey));
    }),
    { numRuns: 20 },
  );
});

it('very many elements of a path come in the order that few come in, in several steps', () => {
  const elements = Array.from(
    { length: 3000 },
    (_, i) => `${['f:', 'v:"x', 'v:', 'i:'][i % 4]}${(i * 7919) % 3001}${i % 4 === 1 ? '"' : ''}`,
  );
  expect(atOnce(sortElementsInSteps(elements))).toEqual(sortElements(elements));
  const steps = sortElementsInSteps(elements);
  for (let i = 0; i < 8; i++) expect(steps.next().done).toBe(false);
});
