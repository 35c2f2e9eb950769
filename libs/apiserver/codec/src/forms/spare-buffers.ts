/** Below this the allocator has memory at hand; above, each answer's memory is fetched from the system page by page and given back. */
const WORTH_KEEPING = 64 * 1024;
const STEP = 256 * 1024;
const KEPT = 8;

/**
 * Memory for large answers, used again, because to get it afresh takes longer than to fill it. Held weakly: what is not used is the garbage
 * collector's. So is what is never given back.
 */
export class SpareBuffers {
  #spares: WeakRef<ArrayBuffer>[] = [];
  readonly #lent = new WeakSet<ArrayBufferLike>();

  /** With whatever was in it before. */
  take(length: number): Buffer {
    if (length < WORTH_KEEPING) return Buffer.allocUnsafe(length);
    const memory = this.#fitting(length) ?? Buffer.allocUnsafeSlow(Math.ceil(length / STEP) * STEP).buffer;
    this.#lent.add(memory);
    return Buffer.from(memory, 0, length);
  }

  lends(bytes: Uint8Array): boolean {
    return bytes.length >= WORTH_KEEPING && this.#lent.has(bytes.buffer);
  }

  /** Nobody reads it any more. What was not taken here is left alone, and a second time does nothing. */
  give({ buffer }: Uint8Array): void {
    if (!this.#lent.delete(buffer)) return;
    this.#spares.push(new WeakRef(buffer as ArrayBuffer));
    if (this.#spares.length > KEPT) this.#spares.shift();
  }

  /** The smallest that is large enough, but no giant for a dwarf. */
  #fitting(length: number): ArrayBuffer | undefined {
    const spares = this.#spares.flatMap((spare) => spare.deref() ?? []);
    const fitting = spares
      .filter(({ byteLength }) => byteLength >= length && byteLength <= length * 4)
      .sort((a, b) => a.byteLength - b.byteLength)[0];
    this.#spares = spares.filter((spare) => spare !== fitting).map((spare) => new WeakRef(spare));
    return fitting;
  }
}
