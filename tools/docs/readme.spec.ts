import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { buildProgram } from '../../apps/cli/src/command/program.ts';
import { commands } from '../../apps/cli/src/commands/index.ts';

const root = resolve(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

it.each(readdirSync(join(root, 'examples')))('the README names the example %s', (name) => {
  expect(readme).toContain(`(examples/${name})`);
});

it('the README shows pictures that are some', () => {
  const pictures = [...readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, path]) => path!);
  const begins = pictures.map((path) => readFileSync(join(root, path)).subarray(0, 4).toString('latin1'));
  expect(begins).toEqual(['\x89PNG', '<svg']);
});

it('the README tells of commands that there are, and leaves none out', () => {
  const told = [...readme.matchAll(/`\.\/kubernest ([a-z]+)/g)].map(([, word]) => word!);
  const there = buildProgram(commands, async () => {}).commands.map((command) => command.name());
  expect([...new Set(told)].toSorted()).toEqual(there.toSorted());
});
