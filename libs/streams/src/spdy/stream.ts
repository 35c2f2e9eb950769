import { Duplex } from 'node:stream';
import type { SpdyHeaders } from './header-block.ts';

/** What a stream needs of its connection. */
export interface StreamCarrier {
  sendData(streamId: number, chunk: Buffer, fin: boolean, done: (error?: Error | null) => void): void;
  sendReset(streamId: number): void;
  sendWindowUpdate(streamId: number, bytes: number): void;
  forget(streamId: number): void;
}

/** How much is read before the other side is told to go on; half of the protocol's first window. */
const updateEvery = 32 * 1024;

/** One SPDY stream. Half-closes; destroying it before both ends have finished resets it. */
export class SpdyStream extends Duplex {
  #wanted: (() => void) | undefined;
  #unreported = 0;
  #receivedFin = false;
  #sentFin = false;

  constructor(
    readonly id: number,
    readonly headers: SpdyHeaders,
    private readonly carrier: StreamCarrier,
  ) {
    super();
    // Whoever uses only one of a connection's streams must not fall over another's reset.
    this.on('error', () => {});
  }

  /** Takes what came in; resolves when there is room for more. */
  receive(chunk: Buffer, fin: boolean): Promise<void> | undefined {
    if (this.destroyed || this.#receivedFin) return undefined;
    const room = chunk.length === 0 || this.push(chunk);
    this.#report(chunk.length);
    if (fin) {
      this.#receivedFin = true;
      this.push(null);
      // An end that nobody reads would keep the stream alive.
      if (this.readableLength === 0 && !this.readableFlowing) this.resume();
      return undefined;
    }
    return room ? undefined : new Promise((resolve) => (this.#wanted = resolve));
  }

  /** The other side wants no more of it. */
  receiveReset(): void {
    this.#receivedFin = true;
    this.#sentFin = true;
    this.destroy();
  }

  override _read(): void {
    this.#wanted?.();
    this.#wanted = undefined;
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.carrier.sendData(this.id, chunk, false, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#sentFin = true;
    this.carrier.sendData(this.id, Buffer.alloc(0), true, done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.#sentFin || !this.#receivedFin) this.carrier.sendReset(this.id);
    this._read();
    this.carrier.forget(this.id);
    done(error);
  }

  #report(bytes: number): void {
    this.#unreported += bytes;
    if (this.#unreported < updateEvery) return;
    this.carrier.sendWindowUpdate(this.id, this.#unreported);
    this.#unreported = 0;
  }
}
