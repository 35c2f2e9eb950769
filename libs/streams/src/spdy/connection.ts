import type { Duplex } from 'node:stream';
import { type Turns, turnsOfTheProcess } from '@kubernest/meta';
import {
  controlFrame,
  dataHead,
  type Frame,
  FrameReader,
  flagFin,
  frameType,
  maxDataBytes,
  word,
  words,
} from './frames.ts';
import { HeaderBlocks, type SpdyHeaders } from './header-block.ts';
import { SpdyStream, type StreamCarrier } from './stream.ts';

const resetRefused = 3;
const resetCancel = 5;

export interface SpdyConnectionOptions {
  readonly side: 'server' | 'client';
  /** Called for each stream the other side opens, after it was answered. Without it they are refused. */
  readonly onStream?: (stream: SpdyStream) => void;
  /** What all connections together may take of the event loop; those of the process unless given. */
  readonly turns?: Turns;
}

/**
 * A SPDY/3.1 connection over any byte stream. The peers that exist (Go's spdystream) do no flow control of their own: a stream
 * that is not read holds the whole connection back, and through it the peer, instead of filling memory.
 */
export class SpdyConnection implements StreamCarrier {
  readonly #streams = new Map<number, SpdyStream>();
  readonly #headers = new HeaderBlocks();
  readonly #replied = new Map<number, () => void>();
  #nextId: number;
  #sending: Promise<unknown> = Promise.resolve();
  #ended = false;
  readonly #turns: Turns;
  /** Resolves when the connection is gone. Never rejects. */
  readonly closed: Promise<void>;

  constructor(
    private readonly socket: Duplex,
    private readonly options: SpdyConnectionOptions,
  ) {
    this.#turns = options.turns ?? turnsOfTheProcess;
    this.#nextId = options.side === 'client' ? 1 : 2;
    socket.on('error', () => {});
    this.closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    // What had come before the end is still handed out.
    void Promise.all([this.closed, this.#run()]).then(() => this.#dropAll());
  }

  /** Opens a stream; resolves when the other side has accepted it. */
  async openStream(headers: SpdyHeaders): Promise<SpdyStream> {
    const id = this.#nextId;
    this.#nextId += 2;
    const stream = new SpdyStream(id, headers, this);
    this.#streams.set(id, stream);
    const replied = new Promise<void>((resolve, reject) => {
      this.#replied.set(id, resolve);
      stream.once('close', () => reject(new Error(`SPDY stream ${id} was refused`)));
    });
    await Promise.all([this.#sendHeaders(frameType.synStream, words(id, 0), headers, Buffer.alloc(2)), replied]);
    return stream;
  }

  /** Sends what is queued, then closes this side; the other side closes when it has read it. */
  async end(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.#sending.catch(() => {});
    this.#write(controlFrame(frameType.goAway, 0, words(this.#lastPeerId, 0)));
    this.socket.end();
    // A peer that neither reads nor closes must not hold its connection forever.
    const timer = setTimeout(() => this.socket.destroy(), 10_000);
    timer.unref();
    void this.closed.then(() => clearTimeout(timer));
  }

  sendData(streamId: number, chunk: Buffer, fin: boolean, done: (error?: Error | null) => void): void {
    // Nothing is lost when an end goes unsaid; an error would throw away what came in and is not yet read.
    const sent = chunk.length === 0 ? () => done(null) : done;
    if (this.socket.destroyed || this.socket.writableEnded) return sent(new Error('SPDY connection is closed'));
    if (chunk.length <= maxDataBytes) {
      this.socket.cork();
      this.socket.write(dataHead(streamId, fin, chunk.length));
      this.socket.write(chunk, sent);
      this.socket.uncork();
      return;
    }
    this.sendData(streamId, chunk.subarray(0, maxDataBytes), false, (error) => {
      if (error) done(error);
      else this.sendData(streamId, chunk.subarray(maxDataBytes), fin, done);
    });
  }

  sendReset(streamId: number): void {
    this.#write(controlFrame(frameType.rstStream, 0, words(streamId, resetCancel)));
  }

  sendWindowUpdate(streamId: number, bytes: number): void {
    this.#write(controlFrame(frameType.windowUpdate, 0, words(streamId, bytes)));
  }

  forget(streamId: number): void {
    this.#streams.delete(streamId);
    this.#replied.delete(streamId);
  }

  #lastPeerId = 0;

  async #run(): Promise<void> {
    const reader = new FrameReader();
    try {
      for await (const chunk of this.socket) {
        // A frame may be eight bytes: thousands of them come at once.
        for (const frame of reader.push(chunk as Buffer)) {
          await this.#turns.next();
          if (frame.kind === 'data') await this.#streams.get(frame.streamId)?.receive(frame.payload, frame.fin);
          else await this.#control(frame).then(() => this.#answerTaken());
        }
      }
      this.socket.end();
    } catch {
      // A connection that broke or spoke nonsense ends; its streams end with it.
      this.socket.destroy();
    }
  }

  async #control(frame: Extract<Frame, { kind: 'control' }>): Promise<void> {
    const { type, payload, flags } = frame;
    const id = type === frameType.settings ? 0 : word(payload, 0);
    if (type === frameType.synStream) return this.#accept(id, payload.subarray(10), (flags & flagFin) !== 0);
    if (type === frameType.synReply || type === frameType.headers) {
      await this.#headers.unpack(payload.subarray(4));
      this.#replied.get(id)?.();
      if ((flags & flagFin) !== 0) await this.#streams.get(id)?.receive(Buffer.alloc(0), true);
    } else if (type === frameType.rstStream) this.#streams.get(id)?.receiveReset();
    // A ping of our own numbering is an answer to us.
    else if (type === frameType.ping && (id % 2 === 1) === (this.options.side === 'server'))
      this.#write(controlFrame(frameType.ping, 0, words(id)));
  }

  async #accept(id: number, block: Buffer, fin: boolean): Promise<void> {
    const headers = await this.#headers.unpack(block);
    if (!this.options.onStream || this.#streams.has(id)) {
      this.#write(controlFrame(frameType.rstStream, 0, words(id, resetRefused)));
      return;
    }
    const stream = new SpdyStream(id, headers, this);
    this.#lastPeerId = id;
    this.#streams.set(id, stream);
    await this.#sendHeaders(frameType.synReply, words(id), {}, Buffer.alloc(0));
    this.options.onStream(stream);
    if (fin) await stream.receive(Buffer.alloc(0), true);
  }

  /** Blocks share one compressor: packed and sent one after the other. */
  #sendHeaders(type: number, head: Buffer, headers: SpdyHeaders, between: Buffer): Promise<void> {
    const sent = this.#sending.then(async () => {
      const block = await this.#headers.pack(headers);
      this.#write(controlFrame(type, 0, Buffer.concat([head, between, block])));
    });
    this.#sending = sent.catch(() => {});
    return sent;
  }

  #write(frame: Buffer): void {
    if (!this.socket.destroyed && !this.socket.writableEnded) this.socket.write(frame);
  }

  /** Who does not read the answers is asked for nothing more: they would be kept. */
  #answerTaken(): Promise<void> | undefined {
    const { socket } = this;
    if (socket.destroyed || !socket.writableNeedDrain) return undefined;
    return new Promise((resolve) => {
      const done = (): void => {
        socket.off('drain', done);
        socket.off('close', done);
        resolve();
      };
      socket.once('drain', done);
      socket.once('close', done);
    });
  }

  #dropAll(): void {
    this.#headers.close();
    for (const stream of [...this.#streams.values()]) stream.destroy();
  }
}
