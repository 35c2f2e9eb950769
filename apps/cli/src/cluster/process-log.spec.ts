import { closeSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { lastLine, openLog } from './process-log.ts';

let file: string;
beforeEach(() => {
  const dir = mkdtempSync(join(tmpdir(), 'kubernest-log-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  file = join(dir, 'run', 'api.log');
});

describe('the last line that tells why a process ended', () => {
  it.each([
    ['is the last one', 'began\nno room\n', 'no room'],
    ['is none that is empty', 'no room\n\n  \n', 'no room'],
    ['is the error and not its stack', 'Error: no room\n    at open (a.js:1:1)\n\nNode.js v26.0.0\n', 'Error: no room'],
    ['is no part of an object', "Error: no room {\n  code: 'ENOSPC'\n}\n", 'Error: no room {'],
    [
      'is what V8 ended with, whatever it printed behind',
      'began\nFATAL ERROR: heap out of memory\n----- Native stack trace -----\n 1: 0xb7 node::Abort\n',
      'FATAL ERROR: heap out of memory',
    ],
    ['is none where nothing was written', '', undefined],
  ])('%s', (_, text, line) => {
    closeSync(openLog(file));
    writeFileSync(file, `of before\n${text}`);
    expect(lastLine(file, 'of before\n'.length)).toBe(line);
  });

  it('is none where the log is gone', () => expect(lastLine(file, 0)).toBeUndefined());
});

it('a log is its owner’s, is gone on with, and put aside once it is too long', () => {
  closeSync(openLog(file));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  writeFileSync(file, 'old');
  closeSync(openLog(file));
  expect(readFileSync(file, 'utf8')).toBe('old');
  truncateSync(file, 10 * 1024 * 1024 + 1);
  closeSync(openLog(file));
  expect([statSync(file).size, statSync(`${file}.1`).size]).toEqual([0, 10 * 1024 * 1024 + 1]);
});
