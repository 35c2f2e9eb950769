import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { rehearseReplacement, replaceFile } from './replace-file.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubernest-replace-'));
  file = join(folder, 'config');
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

it('a file of several names has the new text under each, longer or shorter', async () => {
  writeFileSync(file, 'as it was', { mode: 0o640 });
  const other = join(folder, 'other');
  linkSync(file, other);
  for (const text of ['longer than it was before', 'short']) {
    await replaceFile(file, text);
    expect([file, other].map((path) => readFileSync(path, 'utf8'))).toEqual([text, text]);
  }
  expect(statSync(file)).toMatchObject({ nlink: 2, mode: 0o100640 });
  expect(readdirSync(folder)).toEqual(['config', 'other']);
});

it('a rehearsal changes nothing and leaves nothing', async () => {
  await rehearseReplacement(file, 'text');
  expect(readdirSync(folder)).toEqual([]);
  writeFileSync(file, 'text');
  const { ino, mtimeMs } = statSync(file);
  await rehearseReplacement(file, 'text');
  expect(statSync(file)).toMatchObject({ ino, mtimeMs });
  expect(readFileSync(file, 'utf8')).toBe('text');
  expect(readdirSync(folder)).toEqual(['config']);
});

/** What a program may not do that writes no more than a kilobyte to a file: as on a full disk. */
const limited = (call: string): string => {
  const program = `import('${join(import.meta.dirname, 'replace-file.ts')}').then(({ ${call.split('(')[0]} }) => ${call}).then(() => 'done', (e) => e.code).then(console.log)`;
  const ran = spawnSync(
    'bash',
    ['-c', 'ulimit -f 1; exec "$0" --input-type=module -e "$1"', process.execPath, program],
    {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    },
  );
  expect(ran.stderr).toBe('');
  return ran.stdout.trim();
};

it('where there is no room, a rehearsal says so, and what is there stays whole', async () => {
  const text = 'x'.repeat(900);
  writeFileSync(file, text);
  const path = JSON.stringify(file);
  expect(limited(`rehearseReplacement(${path}, 'y')`)).toBe('EFBIG');
  expect(limited(`replaceFile(${path}, 'y'.repeat(2000))`)).toBe('EFBIG');
  linkSync(file, join(folder, 'other'));
  expect(limited(`replaceFile(${path}, 'y'.repeat(2000))`)).toBe('EFBIG');
  expect(readFileSync(file, 'utf8')).toBe(text);
  expect(readdirSync(folder)).toEqual(['config', 'other']);
});

it('one that may not be written to is told of by the rehearsal', async () => {
  writeFileSync(file, 'text');
  if (process.getuid?.() !== 0) {
    chmodSync(file, 0o444);
    return await expect(rehearseReplacement(file, 'text')).rejects.toMatchObject({ code: 'EACCES' });
  }
  // Root may write to what is read-only, but not to what cannot change.
  execFileSync('chattr', ['+i', file]);
  onTestFinished(() => void execFileSync('chattr', ['-i', file]));
  await expect(rehearseReplacement(file, 'text')).rejects.toMatchObject({ code: 'EPERM' });
  expect(readdirSync(folder)).toEqual(['config']);
});
