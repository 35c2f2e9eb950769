import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { openArchive } from './image-load.command.ts';

it('an archive is a file, and nothing is waited for', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'kubernest-archive-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const at = (name: string): string => join(dir, name);
  writeFileSync(at('file'), 'archive');
  execFileSync('mkfifo', [at('pipe')]);
  expect(await text(await openArchive(at('file')))).toBe('archive');
  await expect(openArchive(at('pipe'))).rejects.toThrow('it is a pipe, and no file');
  await expect(openArchive(dir)).rejects.toThrow('it is a folder, and no archive');
  await expect(openArchive(at('none'))).rejects.toThrow('there is no such file');
});
