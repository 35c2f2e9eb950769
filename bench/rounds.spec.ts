import { describe, expect, it } from 'vitest';
import { interleave, median } from './rounds.ts';

describe('median', () => {
  const cases: readonly (readonly [string, readonly number[], number])[] = [
    ['of an odd count is the middle one', [9, 1, 5], 5],
    ['of an even count lies between the middle two', [4, 1, 2, 100], 3],
    ['of one is that one', [7], 7],
  ];
  it.each(cases)('%s', (_, values, expected) => expect(median(values)).toBe(expected));
  it('of nothing is refused', () => expect(() => median([])).toThrow('nothing'));
});

describe('interleave', () => {
  it('takes the ratio of each round, so that a slow minute of the machine does not count', async () => {
    const speed = [1, 0.1, 1];
    const result = await interleave(
      3,
      async (round) => 1000 * speed[round]!,
      async (round) => 500 * speed[round]!,
    );
    expect(result.ratio).toBe(0.5);
    expect(result.figure).toBe(500);
  });
});
