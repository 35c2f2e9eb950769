import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ageOf, formatAge, parseWireTime, wireMicroTime, wireTime } from './wire-time.ts';

const s = 1000;
const m = 60 * s;
const h = 60 * m;
const d = 24 * h;

describe('time on the wire', () => {
  it('is cut to seconds, or has six decimals', () => {
    const date = new Date('2026-11-24T10:00:00.987Z');
    expect(wireTime(date)).toBe('2026-11-24T10:00:00Z');
    expect(wireMicroTime(date)).toBe('2026-11-24T10:00:00.987000Z');
  });

  it('is that of each second, in whatever order they are asked for', () => {
    const dates = fc.array(fc.integer({ min: -5000, max: 5000 }).map((ms) => new Date(ms)));
    fc.assert(
      fc.property(dates, (all) => {
        expect(all.map(wireTime)).toEqual(all.map((date) => date.toISOString().replace(/\.\d+Z$/, 'Z')));
      }),
    );
    expect(() => wireTime(new Date(Number.NaN))).toThrow(RangeError);
  });

  it.each(['2026-11-24T10:00:00Z', '2026-11-24T10:00:00.123456Z', '2026-11-24T10:00:00+02:00'])(
    '%s is a time',
    (text) => {
      expect(parseWireTime(text)).toBeInstanceOf(Date);
    },
  );

  it.each(['', '2026-11-24', '2026-11-24 10:00:00Z', '2026-13-24T10:00:00Z', 'now'])('%j is none', (text) => {
    expect(parseWireTime(text)).toBeUndefined();
  });

  it.each([
    [-5 * s, '<invalid>'],
    [-2 * s, '<invalid>'],
    [-1 * s, '0s'],
    [0, '0s'],
    [119 * s, '119s'],
    [2 * m, '2m'],
    [3 * m + 20 * s, '3m20s'],
    [10 * m + 5 * s, '10m'],
    [10 * m + 20 * s, '10m'],
    [179 * m, '179m'],
    [3 * h, '3h'],
    [3 * h + 5 * m, '3h5m'],
    [7 * h + 59 * m, '7h59m'],
    [8 * h + 5 * m, '8h'],
    [8 * h + 59 * m, '8h'],
    [47 * h, '47h'],
    [48 * h, '2d'],
    [50 * h, '2d2h'],
    [2 * d + 5 * h, '2d5h'],
    [8 * d + 5 * h, '8d'],
    [729 * d, '729d'],
    [730 * d, '2y'],
    [749 * d, '2y19d'],
    [800 * d, '2y70d'],
    [(8 * 365 + 3) * d, '8y'],
    [9 * 365 * d, '9y'],
  ])('an age of %d ms is printed %s', (span, text) => {
    expect(formatAge(span)).toBe(text);
  });

  it('an age counts from a wire time', () => {
    expect(ageOf('2026-11-24T10:00:00Z', new Date('2026-11-24T10:00:45Z'))).toBe('45s');
    expect(ageOf('2026-11-19T09:00:00Z', new Date('2026-11-24T10:00:00Z'))).toBe('5d1h');
    expect(ageOf(undefined, new Date())).toBe('<unknown>');
    expect(ageOf(null, new Date())).toBe('<unknown>');
    expect(ageOf('yesterday', new Date())).toBe('<invalid>');
  });
});
