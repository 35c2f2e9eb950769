import { describe, expect, it } from 'vitest';
import { percentOf, scaledValue } from './int-or-string.ts';

describe('int or string', () => {
  it.each([
    ['25%', 10, 'up', 3],
    ['25%', 10, 'down', 2],
    ['100%', 7, 'down', 7],
    [3, 10, 'up', 3],
  ] as const)('%s of %d rounded %s is %d', (value, total, round, result) => {
    expect(scaledValue(value, total, round)).toBe(result);
  });

  it('a text that is no percentage is refused', () => {
    expect(() => scaledValue('http', 10, 'up')).toThrow('invalid value "http"');
    expect(percentOf('1.5%')).toBeUndefined();
  });
});
