import { open } from 'node:fs/promises';
import type { Context, Milliseconds } from '@kubernest/kit';
import { ifThere } from '@kubernest/process';

/** How soon a new line is seen. */
const lookEvery: Milliseconds = 200;

/**
 * Hands on each line that is written behind `from`, until aborted. A file that was put aside for a new one is read from the new one's
 * beginning; one that is not there yet is waited for. Of the old one, what was written since the last look is not seen.
 */
export async function followFile(
  path: string,
  from: number,
  onLine: (line: string) => void,
  ctx: Context,
): Promise<void> {
  let position = from;
  let begun = Buffer.alloc(0);
  for (;;) {
    const read = await readFrom(path, position);
    if (read) {
      if (read.afresh) begun = Buffer.alloc(0);
      position = read.end;
      const bytes = Buffer.concat([begun, read.bytes]);
      const cut = bytes.lastIndexOf(10) + 1;
      if (cut > 0)
        for (const line of bytes
          .subarray(0, cut - 1)
          .toString('utf8')
          .split('\n'))
          onLine(line);
      begun = bytes.subarray(cut);
    }
    await ctx.clock.sleep(lookEvery, ctx.signal);
  }
}

async function readFrom(path: string, position: number) {
  const file = await ifThere(open(path));
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    const afresh = size < position;
    const start = afresh ? 0 : position;
    const bytes = Buffer.alloc(size - start);
    const { bytesRead } = await file.read({ buffer: bytes, position: start, length: bytes.length });
    return { bytes: bytes.subarray(0, bytesRead), end: start + bytesRead, afresh };
  } finally {
    await file.close();
  }
}
