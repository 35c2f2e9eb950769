import { expect, test } from 'vitest';
import { atOnce } from '../steps.ts';
import { readJsonInSteps, TooDeepError } from './read-in-steps.ts';

const nested = (levels: number) => Buffer.from(`${'['.repeat(levels)}${']'.repeat(levels)}`);

test('somebody’s list is read in steps, and so is what is none', () => {
  const items = Array.from({ length: 20_000 }, (_, i) => ({ metadata: { name: `é${i}`, uid: '[{"' } }));
  const long = JSON.stringify({ kind: 'List', items });
  expect(atOnce(readJsonInSteps(Buffer.from(long), 10))).toEqual(JSON.parse(long));
  for (const text of [long, long.slice(0, -1)]) {
    const reading = readJsonInSteps(Buffer.from(text), 10);
    let steps = 0;
    const read = () => {
      while (!reading.next().done) steps++;
    };
    if (text === long) read();
    else expect(read).toThrow(SyntaxError);
    expect(steps).toBeGreaterThan(text.length / (64 * 1024));
  }
});

test('what is deeper than it may be is refused before anything is made of it', () => {
  expect(atOnce(readJsonInSteps(nested(10), 10))).toHaveLength(1);
  expect(() => atOnce(readJsonInSteps(nested(11), 10))).toThrow(TooDeepError);
  expect(() => atOnce(readJsonInSteps(Buffer.from(`{"a":"${'['.repeat(20)}"}`), 10))).not.toThrow();
});
