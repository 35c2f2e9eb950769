import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readRegularFile } from './regular-file.ts';

it('a file is read, and nothing that would be waited for', () => {
  const dir = mkdtempSync(join(tmpdir(), 'kubernest-regular-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const at = (name: string): string => join(dir, name);
  execFileSync('mkfifo', [at('pipe')]);
  writeFileSync(at('file'), 'text');
  for (const name of ['file', 'pipe']) symlinkSync(at(name), at(`link-to-${name}`));

  expect(['file', 'link-to-file'].map((name) => readRegularFile(at(name)))).toEqual(['text', 'text']);
  for (const [path, fault] of [
    [at('pipe'), 'it is a pipe, and no file'],
    [at('link-to-pipe'), 'it is a pipe, and no file'],
    ['/dev/zero', 'it is a device, and no file'],
    [dir, 'EISDIR'],
    [at('none'), 'ENOENT'],
  ] as const)
    expect(() => readRegularFile(path)).toThrow(fault);
});
