import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeFolder } from './make-folder.ts';

it('a folder is made with those above it, once, and where none can be it ends with the reason', () => {
  const dir = mkdtempSync(join(tmpdir(), 'make-folder-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const deep = join(dir, 'a/b/c');
  expect([makeFolder(deep, 0o700), makeFolder(deep)]).toEqual([true, false]);
  expect(statSync(deep).mode & 0o777).toBe(0o700);
  writeFileSync(join(dir, 'file'), '');
  expect(() => makeFolder(join(dir, 'file'))).toThrow('EEXIST');
  expect(() => makeFolder(join(dir, 'file/below'))).toThrow(/EEXIST|ENOTDIR/);
  expect(() => makeFolder('/proc/kubernest/below')).toThrow('ENOENT');
});
