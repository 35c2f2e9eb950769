import { describe, expect, it } from 'vitest';
import { filmOf } from './film.ts';
import { svgOf, toldIn } from './svg.ts';

const takes = [
  {
    command: 'a "$(b)" && c <d',
    lines: [
      { at: 1, text: 'one &lt; <two>' },
      { at: 1, text: '' },
      { at: 2, text: '$ 3' },
    ],
  },
  { command: 'end', lines: [] },
];
const drawn = (rows: number): string => svgOf(filmOf(takes, 40), { columns: 40, rows }, 'A & B');
/** Where the rows are, from one time to the next. */
const scrolls = (svg: string): readonly string[] => {
  const frames = /@keyframes rows \{([\s\S]*?)\n\}/.exec(svg)![1]!;
  return [...frames.matchAll(/translate\(0, (-?\d+px)\)/g)].map(([, top]) => top!);
};

describe('the picture of a film', () => {
  it('tells what was typed and shown, sign by sign', () => {
    expect(toldIn(drawn(10))).toEqual([
      { command: 'a "$(b)" && c <d', rows: ['one &lt; <two>', '$ 3'] },
      { command: 'end', rows: [] },
    ]);
    expect(drawn(10)).toContain('<title>A &amp; B</title>');
  });

  it('moves up only where the screen is full, by as many rows as it has to', () => {
    expect(scrolls(drawn(10))).toEqual(['0px']);
    expect(scrolls(drawn(4))).toEqual(['0px', '-16px', '-32px']);
  });

  it('stands still, at its end, for whoever wants no motion', () => {
    expect(drawn(4)).toMatch(/\.rows \{ transform: translate\(0, -32px\);/);
    expect(drawn(4)).toContain('prefers-reduced-motion: reduce');
  });
});
