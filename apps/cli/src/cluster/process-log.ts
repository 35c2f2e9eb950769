import type { ChildProcess } from 'node:child_process';
import { openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileFault, isMissing, makeFolder } from '@kubernest/process';

const logLimitBytes = 10 * 1024 * 1024;

/** To be appended to; one that has grown too long is put aside first. */
export function openLog(file: string): number {
  try {
    makeFolder(dirname(file), 0o700);
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > logLimitBytes) renameSync(file, `${file}.1`);
    return openSync(file, 'a', 0o600);
  } catch (error) {
    throw new Error(`the log ${file} cannot be written: ${fileFault(error)}`, { cause: error });
  }
}

/** Of what was written from there on: the last line that says something, which is not the last that Node.js writes when it breaks down. */
export function lastLine(file: string, from: number): string | undefined {
  return tellingLine(written(file).subarray(from).toString('utf8'));
}

export function tellingLine(text: string): string | undefined {
  const telling = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^(\s+at |Node\.js v|\s*[\d:]+ 0x|[{}\]]|\s{2,})/.test(line));
  return telling.find((line) => line.startsWith('FATAL ERROR')) ?? telling.at(-1);
}

/** Nothing where it is gone: the data directory may be. */
function written(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if (isMissing(error)) return Buffer.alloc(0);
    throw error;
  }
}

/** What one of our own programs tells of why it ends (`announceFailure`), once it cannot tell any more. */
export function lastWord(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    let word: string | undefined;
    child.on('message', (message) => {
      if (typeof message === 'object' && message !== null && 'failed' in message) word = String(message.failed);
    });
    child.once('disconnect', () => resolve(word));
    child.once('error', () => resolve(word));
  });
}
