import type { Readable } from 'node:stream';
import { PassThrough } from 'node:stream';

const headerBytes = 8;

/**
 * Takes the engine's multiplexed stream apart: frames of one byte stream number, three zeros, four bytes length. Reads on only
 * when both outputs have room, so that a slow reader slows the process and not this one's memory.
 */
export function demultiplex(source: Readable): { readonly stdout: Readable; readonly stderr: Readable } {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const finish = () => {
    stdout.end();
    stderr.end();
  };
  // A connection that breaks ends the output like one that closes; how the process ended is asked for separately.
  pump(source, stdout, stderr).then(finish, finish);
  return { stdout, stderr };
}

async function pump(source: Readable, stdout: PassThrough, stderr: PassThrough): Promise<void> {
  let header = Buffer.alloc(0);
  let left = 0;
  let target = stdout;
  for await (const read of source) {
    let chunk = read as Buffer;
    while (chunk.length > 0) {
      if (left === 0) {
        const needed = headerBytes - header.length;
        header = Buffer.concat([header, chunk.subarray(0, needed)]);
        chunk = chunk.subarray(needed);
        if (header.length < headerBytes) break;
        target = header[0] === 2 ? stderr : stdout;
        left = header.readUInt32BE(4);
        header = Buffer.alloc(0);
        continue;
      }
      const piece = chunk.subarray(0, left);
      chunk = chunk.subarray(piece.length);
      left -= piece.length;
      await write(target, piece);
    }
  }
}

/** Waits for room. An output that nobody reads any more swallows its bytes, so that the other one flows on. */
async function write(target: PassThrough, piece: Buffer): Promise<void> {
  if (target.destroyed || target.write(piece)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      target.off('drain', done).off('close', done);
      resolve();
    };
    target.on('drain', done).on('close', done);
  });
}
