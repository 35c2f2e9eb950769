import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { inLargeParts } from './large-parts.ts';

test('what has come in ten thousand parts of one byte is given in few, and none is lost', async () => {
  const sent = Buffer.from(Array.from({ length: 10_000 }, (_, i) => i % 251));
  const stream = new Readable({ read() {}, highWaterMark: 1024 });
  for (const byte of sent) stream.push(Buffer.of(byte));
  stream.push(null);
  const parts: Buffer[] = [];
  for await (const part of inLargeParts(stream)) parts.push(part);
  expect(parts.length).toBeLessThanOrEqual(10);
  expect(Buffer.concat(parts).equals(sent)).toBe(true);
  expect(stream.readableHighWaterMark).toBe(1024);
});

test('what comes is given as it comes, large as it is', async () => {
  const stream = new Readable({ read() {}, highWaterMark: 1024 });
  const parts = inLargeParts(stream);
  for (const size of [1, 100_000, 5]) {
    stream.push(Buffer.alloc(size));
    expect(((await parts.next()).value as Buffer).length).toBe(size);
  }
  stream.push(null);
  expect((await parts.next()).done).toBe(true);
});

test('who leaves it ends the stream, and its fault is told', async () => {
  const left = Readable.from([Buffer.of(1), Buffer.of(2)]);
  for await (const _ of inLargeParts(left)) break;
  expect(left.destroyed).toBe(true);
  const broken = new Readable({ read() {} });
  const next = inLargeParts(broken).next();
  broken.destroy(new Error('broken'));
  await expect(next).rejects.toThrow('broken');
});
