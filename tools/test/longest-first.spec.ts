import { expect, it } from 'vitest';
import { longestFirst } from './longest-first.ts';

it('what may take long is started first, and what must be alone after all else, however long it is', () => {
  const files = [
    { file: 'short', group: 0, budget: 10 },
    { file: 'alone', group: 1, budget: 300 },
    { file: 'usual', group: 0, budget: 60 },
    { file: 'also usual', group: 0, budget: 60 },
    { file: 'long', group: 0, budget: 200 },
  ];
  expect(files.toSorted(longestFirst).map(({ file }) => file)).toEqual([
    'long',
    'usual',
    'also usual',
    'short',
    'alone',
  ]);
});
