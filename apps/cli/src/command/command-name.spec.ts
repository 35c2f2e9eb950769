import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { commandNameIn } from './command-name.ts';

it('messages name the command as it can be called from where one is', () => {
  const dir = mkdtempSync(join(tmpdir(), 'kubernest-name-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const root = join(dir, 'checkout');
  const bin = join(dir, 'bin');
  for (const made of [root, bin]) mkdirSync(made);
  writeFileSync(join(root, 'kubernest'), '');
  const path = `/usr/bin:${bin}:${join(root, 'kubernest', 'no-folder')}:`;

  expect(commandNameIn({ path, cwd: root, root })).toBe('./kubernest');
  expect(commandNameIn({ path, cwd: dir, root })).toBe(join(root, 'kubernest'));
  expect(commandNameIn({ path, cwd: undefined, root })).toBe(join(root, 'kubernest'));

  writeFileSync(join(bin, 'kubernest'), 'of another checkout');
  expect(commandNameIn({ path, cwd: dir, root })).toBe(join(root, 'kubernest'));

  rmSync(join(bin, 'kubernest'));
  symlinkSync(join(root, 'kubernest'), join(bin, 'kubernest'));
  expect(commandNameIn({ path, cwd: dir, root })).toBe('kubernest');
});
