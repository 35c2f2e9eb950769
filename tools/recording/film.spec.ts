import { describe, expect, it } from 'vitest';
import { filmOf } from './film.ts';

const takes = [
  {
    command: 'up',
    lines: [
      { at: 300, text: 'begins' },
      { at: 90_300, text: 'is up' },
      { at: 90_300, text: 'go on' },
    ],
  },
  { command: 'down', lines: [] },
];

describe('a film', () => {
  const film = filmOf(takes, 20);

  it('has all rows below one another, and a prompt at the end', () => {
    expect(film.rows.map(({ text }) => text)).toEqual(['$ up', 'begins', 'is up', 'go on', '$ down', '$']);
  });

  it('types each command and then shows its lines, never going back', () => {
    expect(film.moves.map(({ row, column, steps }) => [row, column, ...(steps ? [steps] : [])])).toEqual([
      ...[
        [0, 2],
        [0, 2, 2],
        [0, 4],
        [1, 0],
        [2, 0],
        [4, 0],
      ],
      ...[
        [4, 2],
        [4, 2, 4],
        [4, 6],
        [5, 0],
        [5, 2],
      ],
    ]);
    const times = film.moves.map(({ at }) => at);
    expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
    expect(film.length).toBeGreaterThan(times.at(-1)!);
  });

  it('waits no longer than one likes to look at it', () => expect(film.length).toBeLessThan(15_000));

  it('breaks a line that is too long, and takes no such command', () => {
    const wide = filmOf([{ command: 'up', lines: [{ at: 1, text: 'abcdefg' }] }], 5);
    expect(wide.rows.map(({ text }) => text)).toEqual(['$ up', 'abcde', 'fg', '$']);
    expect(() => filmOf([{ command: 'abc', lines: [] }], 5)).toThrow('longer than a row of 5');
  });
});
