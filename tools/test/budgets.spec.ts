import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { budgetOf, files } from '../../e2e/files.ts';
import { budgetFaults } from './budgets.ts';

const taken = (seconds: number) => ({ what: 'a.e2e.ts', seconds, budget: 100 });

describe('the budget of a test file', () => {
  it.each<[string, number, number]>([
    ['is not touched by less', 99, 1],
    ['is met exactly', 100, 1],
    ['grows with a slow machine', 250, 2.5],
    ['does not shrink on a quick one', 100, 0.2],
  ])('%s', (_what, seconds, slowness) => {
    expect(budgetFaults([taken(seconds)], slowness)).toEqual([]);
  });

  it.each<[string, number, number, string]>([
    ['on the reference', 101, 1, 'a.e2e.ts took 101 s, and its budget is 100 s'],
    ['on a slow machine', 260, 2.5, '250 s here'],
  ])('that is exceeded is told with its figures: %s', (_what, seconds, slowness, words) => {
    const others = { what: 'b.e2e.ts', seconds: 1, budget: 1 };
    expect(budgetFaults([taken(seconds), others], slowness)).toEqual([expect.stringContaining(words)]);
  });

  it('is in the table or the usual one, and the table has no file that is gone', () => {
    const there = globSync('e2e/**/*.e2e.ts', { cwd: resolve(import.meta.dirname, '../..') });
    expect(Object.keys(files).filter((file) => !there.includes(file))).toEqual([]);
    expect(there.filter((file) => !(budgetOf(file) > 0))).toEqual([]);
    expect(budgetOf('e2e/some/new.e2e.ts')).toBe(60);
  });
});
