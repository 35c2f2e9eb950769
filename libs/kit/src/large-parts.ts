import type { Readable } from 'node:stream';

/**
 * A stream of bytes, all that has come at a time: read part by part it gives each as it was sent, of one byte if the other side likes, and
 * every one is work for who takes it.
 */
export async function* inLargeParts(stream: Readable): AsyncGenerator<Buffer> {
  for await (const part of stream as AsyncIterable<Buffer>) {
    // To ask for more than the stream's own mark would raise it.
    const more = Math.min(stream.readableLength, stream.readableHighWaterMark);
    yield more > 0 ? Buffer.concat([part, stream.read(more) as Buffer]) : part;
  }
}
