import { describe, expect, it } from 'vitest';
import { parseDuration, readDuration } from './duration.ts';

const m = 60_000;

describe('a duration', () => {
  it.each([
    ['1h30m', 90 * m],
    ['1.5s', 1500],
    ['.5s', 500],
    ['5.s', 5000],
    ['300ms', 300],
    ['2µs', 0.002],
    ['2μs', 0.002],
    ['+2m', 2 * m],
    ['-2m', -2 * m],
    ['0', 0],
    ['-0', 0],
  ])('%s is %d ms', (text, span) => {
    expect(parseDuration(text)).toBe(span);
  });

  it.each([
    ['', 'time: invalid duration ""'],
    ['-', 'time: invalid duration "-"'],
    ['m', 'time: invalid duration "m"'],
    ['.s', 'time: invalid duration ".s"'],
    ['5', 'time: missing unit in duration "5"'],
    ['1h5', 'time: missing unit in duration "1h5"'],
    ['1x', 'time: unknown unit "x" in duration "1x"'],
    ['1h 2m', 'time: unknown unit "h " in duration "1h 2m"'],
    ['1constructor', 'time: unknown unit "constructor" in duration "1constructor"'],
    ['3000000h', 'time: invalid duration "3000000h"'],
  ])('%j is none, told in the words of Go', (text, fault) => {
    expect(readDuration(text)).toEqual({ fault });
    expect(parseDuration(text)).toBeUndefined();
  });
});
