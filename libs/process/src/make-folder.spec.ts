import { spawn } from 'node:child_process';
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

it('is a success for all who make the same one at once, and made by one of them', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'make-folder-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const script = `import { makeFolder } from ${JSON.stringify(new URL('./make-folder.ts', import.meta.url).href)};
process.stdin.once('data', () => process.exit(makeFolder(${JSON.stringify(join(dir, 'a/b/c/d'))}) ? 10 : 20));
process.stdout.write('waits');`;
  const all = [1, 2, 3, 4].map(() =>
    spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  const codes = all.map((one) => new Promise((ended) => one.once('exit', ended)));
  await Promise.all(all.map((one) => new Promise((waits) => one.stdout.once('data', waits))));
  for (const one of all) one.stdin.write('go');
  expect((await Promise.all(codes)).toSorted()).toEqual([10, 20, 20, 20]);
});
