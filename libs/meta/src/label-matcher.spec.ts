import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasLabels, type LabelRequirement, type Labels, matchesLabels, selects } from './label-selector.ts';

const wide = (count: number, from = 0): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${from + i}`, 'v']));

/** A map that counts what is read of it. */
function counted<T extends object>(target: T) {
  const reads = { count: 0 };
  const object = new Proxy(target, {
    get(from, key, self) {
      reads.count++;
      return Reflect.get(from, key, self);
    },
    getOwnPropertyDescriptor(from, key) {
      reads.count++;
      return Reflect.getOwnPropertyDescriptor(from, key);
    },
    ownKeys(from) {
      reads.count += Reflect.ownKeys(from).length;
      return Reflect.ownKeys(from);
    },
  });
  return { object, reads };
}

const small: Labels = { app: 'web', tier: 'front' };
const expressions = (operator: string, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    key: `k${i}`,
    operator,
    values: operator.endsWith('n') ? ['v'] : undefined,
  }));

describe('a wide selector against few labels', () => {
  it.each<[string, (reads: Labels) => object, boolean]>([
    ['a map', (map) => ({ matchLabels: map }), false],
    ['a map beside expressions', (map) => ({ matchLabels: map, matchExpressions: expressions('Exists', 10) }), false],
  ])('%s is read once, however often it is asked', (_what, selectorOf, expected) => {
    const { object, reads } = counted(wide(1000));
    const selector = selectorOf(object);
    expect(selects(selector, small)).toBe(expected);
    const once = reads.count;
    for (let i = 0; i < 50; i++) expect(selects(selector, { app: `a${i}`, k0: 'v' })).toBe(expected);
    // One entry more for each: the first that is missing.
    expect(reads.count).toBeLessThanOrEqual(once + 2 * 50);
  });

  it.each(['Exists', 'DoesNotExist', 'In', 'NotIn'])(
    'expressions with %s ask the labels no more than there are',
    (operator) => {
      const selector = { matchExpressions: expressions(operator, 1000) };
      selects(selector, small);
      const { object, reads } = counted(small);
      expect(selects(selector, object)).toBe(operator === 'DoesNotExist' || operator === 'NotIn');
      expect(reads.count).toBeLessThan(20);
    },
  );

  it('expressions on one key are one question, and values are looked up', () => {
    const values = Array.from({ length: 1000 }, (_, i) => `v${i}`);
    const selector = { matchExpressions: values.map((value) => ({ key: 'app', operator: 'NotIn', values: [value] })) };
    selects(selector, small);
    const { object, reads } = counted(small);
    expect(selects(selector, object)).toBe(true);
    expect(selects({ matchExpressions: [...selector.matchExpressions] }, { app: 'v999' })).toBe(false);
    expect(reads.count).toBeLessThan(5);
  });
});

it('few entries of a selector cost no look at all of many labels', () => {
  const { object, reads } = counted(wide(1000));
  expect(hasLabels({ k0: 'v', k999: 'v' }, object)).toBe(true);
  expect(selects({ matchExpressions: [{ key: 'other', operator: 'Exists' }] }, object)).toBe(false);
  expect(reads.count).toBeLessThan(10);
});

it.each([
  [wide(20), wide(20), true],
  [wide(20), wide(21), true],
  [wide(21), wide(20), false],
  [wide(20), wide(20, 1), false],
  [{ ...wide(20), app: 'web' }, { ...wide(20), app: 'db' }, false],
  [{}, {}, true],
  [{ toString: 'x' }, {}, false],
])('a map is met by labels that have all of it', (wanted, labels, expected) => {
  expect(hasLabels(wanted, labels)).toBe(expected);
  expect(selects({ matchLabels: wanted }, labels)).toBe(expected);
});

describe('a law', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd', ...Array.from({ length: 12 }, (_, i) => `x${i}`));
  const value = fc.constantFrom('', '1', '2', '10', 'text');
  const requirement: fc.Arbitrary<LabelRequirement> = fc.record({
    key,
    operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'),
    values: fc.array(value, { maxLength: 3 }),
  });
  const holdsAlone = ({ key, operator, values }: LabelRequirement, labels: Labels): boolean => {
    const present = Object.hasOwn(labels, key);
    const value = labels[key] ?? '';
    const numbers = [value, values[0] ?? ''].map((text) => (/^\d+$/.test(text) ? Number(text) : Number.NaN));
    switch (operator) {
      case 'In':
        return present && values.includes(value);
      case 'NotIn':
        return !present || !values.includes(value);
      case 'Exists':
        return present;
      case 'DoesNotExist':
        return !present;
      case 'Gt':
        return present && numbers[0]! > numbers[1]!;
      case 'Lt':
        return present && numbers[0]! < numbers[1]!;
    }
  };

  it('all hold together when each holds by itself', () => {
    fc.assert(
      fc.property(fc.array(requirement, { maxLength: 24 }), fc.dictionary(key, value), (requirements, labels) => {
        expect(matchesLabels(requirements, labels)).toBe(requirements.every((one) => holdsAlone(one, labels)));
      }),
      { numRuns: 2000 },
    );
  });
});
