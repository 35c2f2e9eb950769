/** Larger than any object a server accepts, with room for its managed fields; a longer line is a broken stream. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;
const NEWLINE = 10;

/**
 * Cuts a byte stream into lines without copying what arrives whole: only a line that spans chunks is put together, once.
 * Empty lines are skipped. Throws when a line grows beyond `limit`.
 */
export class LineSplitter {
  #pending: Buffer[] = [];
  #pendingBytes = 0;

  constructor(
    private readonly onLine: (line: Buffer) => void,
    private readonly limit: number = MAX_LINE_BYTES,
  ) {}

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#emit(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  /** Bytes after the last newline: more than none at the end means that the stream broke off. */
  get unfinishedBytes(): number {
    return this.#pendingBytes;
  }

  #emit(tail: Buffer): void {
    if (this.#pendingBytes + tail.length > this.limit)
      throw new Error(`a line of the watch is longer than ${this.limit} bytes`);
    if (this.#pendingBytes === 0) {
      if (tail.length > 0) this.onLine(tail);
      return;
    }
    const line = Buffer.concat([...this.#pending, tail], this.#pendingBytes + tail.length);
    this.#pending = [];
    this.#pendingBytes = 0;
    this.onLine(line);
  }

  #keep(rest: Buffer): void {
    this.#pendingBytes += rest.length;
    if (this.#pendingBytes > this.limit) throw new Error(`a line of the watch is longer than ${this.limit} bytes`);
    this.#pending.push(rest);
  }
}
