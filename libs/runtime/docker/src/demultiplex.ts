import type { Readable } from 'node:stream';
import { PassThrough } from 'node:stream';
import { paced, type Steps } from '@kubernest/meta';

const headerBytes = 8;
/** So many headers and contents of frames take a fraction of a millisecond. */
const ROUNDS_A_STEP = 256;

type Output = 'stdout' | 'stderr';

/** Consecutive bytes of one output. */
interface Piece {
  readonly of: Output;
  readonly bytes: Buffer;
}

/**
 * Takes the engine's multiplexed stream apart: frames of one byte stream number, three zeros, four bytes length. Reads on only
 * when both outputs have room, so that a slow reader slows the process and not this one's memory. A frame is what a process wrote at once,
 * and may be a byte: all sessions share their turns, and what has come at once for one output is passed on at once.
 */
export function demultiplex(source: Readable): { readonly stdout: Readable; readonly stderr: Readable } {
  const outputs = { stdout: new PassThrough(), stderr: new PassThrough() };
  const finish = () => {
    outputs.stdout.end();
    outputs.stderr.end();
  };
  // A connection that breaks ends the output like one that closes; how the process ended is asked for separately.
  pump(source, outputs).then(finish, finish);
  return outputs;
}

async function pump(source: Readable, outputs: Readonly<Record<Output, PassThrough>>): Promise<void> {
  const frames = new Frames();
  for await (const chunk of source)
    for (const { of, bytes } of await paced(frames.take(chunk as Buffer))) await write(outputs[of], bytes);
}

/** The frames of a stream, however its bytes are cut. */
class Frames {
  #header = Buffer.alloc(0);
  #left = 0;
  #of: Output = 'stdout';

  *take(chunk: Buffer): Steps<readonly Piece[]> {
    const runs: { of: Output; parts: Buffer[] }[] = [];
    for (let at = 0, rounds = 1; at < chunk.length; rounds++) {
      if (rounds % ROUNDS_A_STEP === 0) yield;
      if (this.#left === 0) {
        at += this.#takeHeader(chunk.subarray(at, at + headerBytes - this.#header.length));
        continue;
      }
      const part = chunk.subarray(at, at + this.#left);
      const run = runs.at(-1);
      if (run?.of === this.#of) run.parts.push(part);
      else runs.push({ of: this.#of, parts: [part] });
      at += part.length;
      this.#left -= part.length;
    }
    return runs.map(({ of, parts }) => ({ of, bytes: parts.length === 1 ? parts[0]! : Buffer.concat(parts) }));
  }

  /** Returns how many of the bytes are the header's. */
  #takeHeader(bytes: Buffer): number {
    this.#header = Buffer.concat([this.#header, bytes]);
    if (this.#header.length === headerBytes) {
      this.#of = this.#header[0] === 2 ? 'stderr' : 'stdout';
      this.#left = this.#header.readUInt32BE(4);
      this.#header = Buffer.alloc(0);
    }
    return bytes.length;
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
