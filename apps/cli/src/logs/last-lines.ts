import { open } from 'node:fs/promises';
import { ifThere } from '@kubernest/process';

/** A log is read from its end in blocks of this many bytes. */
const block = 64 * 1024;

export interface Tail {
  readonly lines: readonly string[];
  /** Where the file ended: what is written later begins here. */
  readonly end: number;
}

/** The last `count` lines of a file, however long it is; undefined where there is no such file. */
export async function lastLines(path: string, count: number): Promise<Tail | undefined> {
  const file = await ifThere(open(path));
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    let from = size;
    let bytes = Buffer.alloc(0);
    // One more than asked for: the first of them may begin before what was read.
    while (from > 0 && linesIn(bytes) <= count) {
      const length = Math.min(block, from);
      from -= length;
      const { buffer } = await file.read({ buffer: Buffer.alloc(length), position: from });
      bytes = Buffer.concat([buffer, bytes]);
    }
    const lines = bytes.toString('utf8').split('\n');
    if (lines.at(-1) === '') lines.pop();
    return { lines: count === 0 ? [] : lines.slice(-count), end: size };
  } finally {
    await file.close();
  }
}

const linesIn = (bytes: Buffer): number => bytes.reduce((sum, byte) => sum + (byte === 10 ? 1 : 0), 0);
