import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { lastLines } from './last-lines.ts';

const long = 'ö'.repeat(40_000);

it.each([
  ['fewer than there are', 'a\nb\nc\n', 2, ['b', 'c']],
  ['more than there are', 'a\nb\n', 5, ['a', 'b']],
  ['with an end that is no line yet', 'a\nb', 1, ['b']],
  ['across blocks, characters whole', `first\n${long}\n${long}\nlast\n`, 3, [long, long, 'last']],
  ['none', 'a\nb\n', 0, []],
  ['of an empty file', '', 3, []],
])('the last lines of a log: %s', async (_, text, count, lines) => {
  const dir = mkdtempSync(join(tmpdir(), 'kubernest-lines-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, 'log'), text);
  expect(await lastLines(join(dir, 'log'), count)).toEqual({ lines, end: Buffer.byteLength(text) });
  expect(await lastLines(join(dir, 'other'), count)).toBeUndefined();
});
