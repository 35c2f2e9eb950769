import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { missingFrom } from '../docs/steps.ts';
import { toldIn } from './svg.ts';
import { commandsIn, tourOf } from './tour.ts';

const root = resolve(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const picture = readFileSync(join(root, 'docs/images/tour.svg'), 'utf8');
const told = toldIn(picture);

describe('the recording in the docs', () => {
  it('is in the README, and small', () => {
    expect(readme).toContain('(docs/images/tour.svg)');
    expect(picture.length).toBeLessThan(300_000);
  });

  // Where one of these fails: npm run recording
  it('tells commands that the README has today, and no other', () => {
    expect(told.length).toBeGreaterThan(10);
    const known = commandsIn(readme);
    expect(told.map(({ command }) => command).filter((command) => !known.has(command))).toEqual([]);
  });

  it('shows below each command what the README says', () => {
    const steps = tourOf(readme);
    const lacking = told.flatMap(({ command, rows }) => {
      const said = steps.filter((step) => step.command === command);
      const missing = said.map((step) => missingFrom(rows.join('\n'), step));
      return missing.includes(undefined) ? [] : [{ command, missing }];
    });
    expect(lacking).toEqual([]);
  });

  it('names no place of the machine it was made on, and opens nothing', () => {
    expect(picture).not.toMatch(/\/(root|home|tmp|work|mnt)\/|link=[A-Za-z0-9]/);
  });
});

it('commands of a text are the lines of its blocks and the code in its sentences', () => {
  expect([...commandsIn('Type `a b` or:\n\n```sh\nc d\n# e\n```\n')]).toEqual(['c d', 'a b']);
});
