import type { Context } from '@kubernest/kit';
import { isOthersTurn, lineAfter, ownTurn } from '@kubernest/meta';
import type { Parts } from './parts.ts';
import type { SpareBuffers } from './spare-buffers.ts';

/** What of a large answer is in memory at a time, for each who reads one. */
export const PIECE = 256 * 1024;

export interface Piece {
  readonly bytes: Uint8Array;
  /** Nothing comes after it. */
  readonly last: boolean;
}

/**
 * Joins small parts and cuts large ones, with turns for others while it works. A piece is good until the next is made, whose memory is the
 * same.
 */
export class PieceMaker implements AsyncIterable<Uint8Array> {
  readonly #parts: Iterator<Uint8Array | undefined>;
  readonly #out: Buffer;
  /** What did not go into the last piece. */
  #rest: Uint8Array | undefined;
  #next: Piece | undefined;
  #waits = 0;

  constructor(
    parts: Parts,
    private readonly spares: SpareBuffers,
    private readonly ctx: Context,
  ) {
    this.#parts = parts[Symbol.iterator]();
    this.#out = spares.take(PIECE);
  }

  /** The first piece, which `this` then begins with. */
  async first(): Promise<Piece> {
    this.#next = await this.#make();
    return this.#next;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, undefined> {
    try {
      for (;;) {
        const { bytes, last } = this.#next ?? (await this.#make());
        this.#next = undefined;
        yield bytes;
        if (last) break;
      }
      // Only once all is sent: of an answer that broke off, something may still be on its way.
      this.spares.give(this.#out);
    } finally {
      this.#parts.return?.();
    }
  }

  /** Gives back what the first piece is in, once nobody reads it. */
  readonly done = (): void => this.spares.give(this.#out);

  async #make(): Promise<Piece> {
    let at = 0;
    for (;;) {
      // Also before the first: many who begin at once would each take a step of one turn, and some steps cannot be paused.
      if (isOthersTurn()) {
        await ownTurn(lineAfter(this.#waits++));
        this.ctx.signal.throwIfAborted();
      }
      const part = this.#rest ?? this.#taken();
      if (part === null) return { bytes: this.#out.subarray(0, at), last: true };
      this.#rest = undefined;
      if (part) {
        if (at === 0 && part.length >= PIECE) return this.#cut(part);
        if (at + part.length > this.#out.length) {
          this.#rest = part;
          return { bytes: this.#out.subarray(0, at), last: false };
        }
        this.#out.set(part, at);
        at += part.length;
      }
    }
  }

  #taken(): Uint8Array | undefined | null {
    const { done, value } = this.#parts.next();
    return done ? null : value;
  }

  /** Without a copy. */
  #cut(part: Uint8Array): Piece {
    if (part.length > PIECE) this.#rest = part.subarray(PIECE);
    return { bytes: part.subarray(0, PIECE), last: false };
  }
}
