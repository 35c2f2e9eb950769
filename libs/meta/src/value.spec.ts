import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clone, deepEqual, deepFreeze, freezeAsJson, shownJson } from './value.ts';

describe('plain values', () => {
  it('clone gives an equal value that shares nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const copy = clone(value);
        expect(copy).toEqual(value);
        expect(deepEqual(copy, value)).toBe(true);
        if (typeof value === 'object' && value !== null) expect(copy).not.toBe(value);
      }),
    );
  });

  it('equality agrees with canonical JSON', () => {
    const canonical = (value: unknown): string =>
      JSON.stringify(value, (_key, item: unknown) =>
        typeof item === 'object' && item !== null && !Array.isArray(item)
          ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
          : item,
      );
    const small = fc.jsonValue({ maxDepth: 2 });
    fc.assert(
      fc.property(small, small, (a, b) => {
        expect(deepEqual(a, b)).toBe(canonical(a) === canonical(b));
      }),
    );
  });

  it('a key that is undefined equals an absent one, on either side', () => {
    expect(deepEqual({ a: 1, b: undefined }, { a: 1 })).toBe(true);
    expect(deepEqual({ a: 1 }, { a: 1, b: undefined })).toBe(true);
    expect(deepEqual({ a: undefined }, { b: undefined })).toBe(true);
    expect(deepEqual({ a: 1 }, { b: 1 })).toBe(false);
  });

  it('a client cannot change a prototype through __proto__', () => {
    const copy = clone(JSON.parse('{"__proto__":{"polluted":true}}')) as { polluted?: boolean };
    expect(copy.polluted).toBeUndefined();
    expect(Object.keys(copy)).toEqual(['__proto__']);
  });

  it('freezing reaches the bottom', () => {
    const value = deepFreeze({ a: [{ b: 1 }] });
    expect(() => {
      (value.a[0] as { b: number }).b = 2;
    }).toThrow(TypeError);
  });
});

it('freezeAsJson leaves what JSON would leave, frozen to the bottom', () => {
  const value = { a: undefined, b: [{ c: undefined, d: null }], e: { f: { g: undefined } } };
  const frozen = freezeAsJson(value);
  expect(frozen).toStrictEqual({ b: [{ d: null }], e: { f: {} } });
  expect([frozen, frozen.b, frozen.b[0], frozen.e.f].every(Object.isFrozen)).toBe(true);
});

it('JSON for people is JSON, cut where it is longer than anyone reads', () => {
  const byName: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
    value: fc.oneof(fc.jsonValue(), fc.bigInt(), fc.constant(undefined), fc.array(tie('value')), tie('object')),
    object: fc.dictionary(fc.string(), tie('value')),
  })).value;
  fc.assert(
    fc.property(byName, fc.nat(60), (value, most) => {
      const text = JSON.stringify(value) ?? 'null';
      expect(shownJson(value, most)).toBe(text.length > most ? `${text.slice(0, most)}...` : text);
      expect(shownJson(value, Number.POSITIVE_INFINITY)).toBe(text);
    }),
  );
});

it('what is cut of it is not even looked at', () => {
  const untouched = {
    get never(): string {
      throw new Error('looked at');
    },
  };
  expect(shownJson({ a: 'x'.repeat(10), b: { c: untouched } }, 8)).toBe('{"a":"xx...');
  expect(shownJson([['x'.repeat(10), untouched], untouched], 8)).toBe('[["xxxxx...');
});
