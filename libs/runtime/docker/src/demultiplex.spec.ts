import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { demultiplex } from './demultiplex.ts';

const frame = (stream: number, content: string) => {
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(content.length, 4);
  return Buffer.concat([head, Buffer.from(content)]);
};
/** What a process writes byte by byte. */
const bytewise = (frames: number) => Buffer.concat(Array.from({ length: frames }, () => frame(1, 'x')));

afterEach(() => vi.restoreAllMocks());

describe('demultiplexing', () => {
  it('is the same however the bytes are cut', async () => {
    const bytes = Buffer.concat([frame(1, 'out'), frame(2, 'error'), frame(1, ''), frame(1, 'put')]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: bytes.length }), { maxLength: 8 }), async (cuts) => {
        const ends = [...new Set([...cuts, bytes.length])].sort((a, b) => a - b);
        const pieces = ends.map((end, i) => bytes.subarray(i === 0 ? 0 : ends[i - 1], end));
        const { stdout, stderr } = demultiplex(Readable.from(pieces));
        expect(await Promise.all([text(stdout), text(stderr)])).toEqual(['output', 'error']);
      }),
      { numRuns: 50 },
    );
  });

  it('passes on at once what has come at once', async () => {
    const { stdout } = demultiplex(Readable.from([bytewise(5_000), bytewise(5_000)]));
    const pieces: string[] = [];
    for await (const piece of stdout) pieces.push(String(piece));
    expect(pieces).toEqual(['x'.repeat(5_000), 'x'.repeat(5_000)]);
  });

  it('of many sessions takes no more of a turn than of one', async () => {
    let [now, read, most, over] = [performance.now(), 0, 0, false];
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    const readLength = Buffer.prototype.readUInt32BE;
    vi.spyOn(Buffer.prototype, 'readUInt32BE').mockImplementation(function (this: Buffer, at) {
      now += 0.01;
      read += 1;
      return readLength.call(this, at);
    });
    const turn = (): void => {
      most = Math.max(most, read);
      read = 0;
      if (!over) setImmediate(turn);
    };
    setImmediate(turn);
    const chunk = bytewise(3_000);
    await Promise.all(Array.from({ length: 20 }, () => buffer(demultiplex(Readable.from([chunk, chunk])).stdout)));
    over = true;
    // 500 in a turn, and the step that ends it.
    expect(Math.max(most, read)).toBeLessThan(1_300);
  });
});
