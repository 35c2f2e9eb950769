/** A part smaller than this is copied: on its own it takes more memory for itself than for its bytes. */
const OWN_PART_BYTES = 4096;
const BLOCK_BYTES = 64 * 1024;
const NONE = Buffer.alloc(0);

/** The bytes of a body as they come, in whatever small parts, in memory of a few times their size. */
export class JoinedParts {
  size = 0;
  readonly #parts: Buffer[] = [];
  #block = NONE;
  #filled = 0;

  /** How many pieces of memory are held. */
  get held(): number {
    return this.#parts.length + (this.#filled > 0 ? 1 : 0);
  }

  add(part: Buffer): void {
    this.size += part.length;
    // Most bodies are one part.
    if (part.length >= OWN_PART_BYTES || this.#parts.length === 0) {
      this.#endBlock();
      this.#parts.push(part);
      return;
    }
    if (part.length > this.#block.length - this.#filled) {
      this.#endBlock();
      this.#block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
    }
    part.copy(this.#block, this.#filled);
    this.#filled += part.length;
  }

  whole(): Buffer {
    this.#endBlock();
    return this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts, this.size);
  }

  #endBlock(): void {
    if (this.#filled === 0) return;
    this.#parts.push(this.#block.subarray(0, this.#filled));
    this.#block = this.#block.subarray(this.#filled);
    this.#filled = 0;
  }
}
