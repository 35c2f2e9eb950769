import { PassThrough, type Readable, Writable } from 'node:stream';
import type { RawData, WebSocket } from 'ws';

/** v5's way to say that a channel has ended; its payload is the channel's number. */
const closeChannel = 255;

export interface ChannelFormat {
  readonly base64: boolean;
  /** Half-closing exists since v5. */
  readonly closes: boolean;
}

export const formatOf = (protocol: string): ChannelFormat => ({
  base64: protocol.includes('base64'),
  closes: protocol.startsWith('v5.'),
});

/** A WebSocket whose messages begin with the number of their channel. */
export class ChannelSocket {
  readonly #inputs = new Map<number, PassThrough>();
  readonly closed: Promise<void>;

  constructor(
    readonly ws: WebSocket,
    private readonly format: ChannelFormat,
    private readonly side: 'server' | 'client' = 'server',
  ) {
    ws.binaryType = 'nodebuffer';
    ws.on('error', () => {});
    ws.on('message', (data: RawData) => this.#receive(data as Buffer));
    this.closed = new Promise<void>((resolve) => ws.once('close', () => resolve())).then(() => {
      for (const input of this.#inputs.values()) input.end();
    });
  }

  input(channel: number): Readable {
    const stream = new PassThrough();
    this.#inputs.set(channel, stream);
    // Once for each: what was read already goes on arriving after a pause.
    const resume = (): void => this.ws.resume();
    return stream.on('drain', resume).once('close', resume);
  }

  output(channel: number): Writable {
    return new Writable({
      write: (chunk: Buffer, _encoding, done) => this.send(channel, chunk, done),
      final: (done) => {
        // compat: only clients say it; kubectl complains of a server that does.
        if (this.format.closes && this.side === 'client') this.send(closeChannel, Buffer.of(channel), done);
        else done();
      },
    }).on('error', () => {});
  }

  /** `done` comes when the kernel has taken it: that is the back-pressure. */
  send(channel: number, payload: Buffer, done: (error?: Error | null) => void = () => {}): void {
    if (this.ws.readyState !== this.ws.OPEN) {
      done(new Error('WebSocket is closed'));
      return;
    }
    if (this.format.base64) this.ws.send(`${channel}${payload.toString('base64')}`, { binary: false }, done);
    else this.ws.send(Buffer.concat([Buffer.of(channel), payload]), { binary: true }, done);
  }

  #receive(message: Buffer): void {
    if (message.length === 0) return;
    const channel = this.format.base64 ? Number(String.fromCharCode(message[0] ?? 0)) : (message[0] ?? 0);
    if (channel === closeChannel && this.format.closes) {
      this.#inputs.get(message[1] ?? -1)?.end();
      return;
    }
    const payload = this.format.base64 ? Buffer.from(message.subarray(1).toString(), 'base64') : message.subarray(1);
    const input = this.#inputs.get(channel);
    if (!input || input.writableEnded || payload.length === 0 || input.write(payload)) return;
    this.ws.pause();
  }
}
