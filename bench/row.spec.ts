import { describe, expect, it } from 'vitest';
import { isMet, limitOf, type Row } from './row.ts';

const row = (unit: string, figure: number, bound: Row['bound']): Row => ({
  what: 'something',
  unit,
  figure,
  ceilings: [{ of: 'a ceiling', figure: 1, ratio: figure }],
  bound,
});

describe('a bound', () => {
  const cases = [
    ['of milliseconds grows', 'ms', 'figure', 'less', 100, 150],
    ['of a rate shrinks', '/s', 'figure', 'more', 300, 200],
    ['of memory stays', 'MB', 'figure', 'less', 180, 180],
    ['of a ratio stays', '/s', 'ratio', 'more', 0.6, 0.6],
  ] as const;
  it.each(cases)('%s on a machine that is slower by half', (_, unit, by, better, limit, here) => {
    expect(limitOf({ ...row(unit, 1, undefined), bound: { by, limit, better } }, 1.5)).toBeCloseTo(here);
  });

  it.each([
    ['ms', 'less', 100, 149, true],
    ['ms', 'less', 100, 151, false],
    ['/s', 'more', 300, 201, true],
    ['/s', 'more', 300, 199, false],
  ] as const)('in %s, %s than %d, of %d is met there: %s', (unit, better, limit, figure, met) => {
    expect(isMet(row(unit, figure, { by: 'figure', limit, better }), 1.5)).toBe(met);
  });
});
