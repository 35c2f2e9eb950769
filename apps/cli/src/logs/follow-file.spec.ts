import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@kubernest/kit';
import { expect, it, onTestFinished } from 'vitest';
import { followFile } from './follow-file.ts';

it('lines are handed on whole as they are written, also of a file that takes the place of another', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'kubernest-follow-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const path = join(dir, 'log');
  const controller = new AbortController();
  const lines: string[] = [];
  let wake = (): void => {};
  const seen = (line: string): Promise<void> =>
    new Promise((resolve) => {
      wake = () => lines.includes(line) && resolve();
      wake();
    });
  const onLine = (line: string): void => {
    lines.push(line);
    wake();
  };
  writeFileSync(path, 'zero\n');
  const following = followFile(path, 5, onLine, {
    signal: controller.signal,
    clock: systemClock,
    log: silentLogger,
  }).catch(() => {});
  appendFileSync(path, 'one\n');
  await seen('one');
  appendFileSync(path, 'two, in ');
  appendFileSync(path, 'parts\n');
  await seen('two, in parts');
  renameSync(path, `${path}.1`);
  writeFileSync(path, 'new\n');
  await seen('new');
  expect(lines).toEqual(['one', 'two, in parts', 'new']);
  controller.abort();
  await following;
});
