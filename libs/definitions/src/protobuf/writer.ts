const FIRST_SIZE = 64 * 1024;
const LOW_HALF = 0x1_0000_0000;

/**
 * Writes a message from its end to its beginning, so that the length of what is nested is known when it is needed and nothing is
 * measured first. One buffer serves all calls, as nothing here waits: `take` copies out.
 */
class BackwardWriter {
  private buffer = Buffer.allocUnsafeSlow(FIRST_SIZE);
  /** Where the written part begins. */
  private start = FIRST_SIZE;

  reset(): void {
    this.start = this.buffer.length;
  }

  /** How much was written; the difference of two marks is the length of what lies between. */
  mark(): number {
    return this.buffer.length - this.start;
  }

  take(): Buffer {
    return Buffer.from(this.buffer.subarray(this.start));
  }

  private room(bytes: number): void {
    if (this.start >= bytes) return;
    const written = this.mark();
    const grown = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, written + bytes));
    this.buffer.copy(grown, grown.length - written, this.start);
    this.start = grown.length - written;
    this.buffer = grown;
  }

  byte(value: number): void {
    this.room(1);
    this.buffer[--this.start] = value;
  }

  bytes(value: Uint8Array): void {
    this.room(value.length);
    this.start -= value.length;
    this.buffer.set(value, this.start);
  }

  /** A whole number up to 2^53, negative ones as 64 bits of two's complement. */
  varint(value: number): void {
    if (value >= 0 && value < 0x80) {
      this.byte(value);
      return;
    }
    let low = (value % LOW_HALF) | 0;
    let high = Math.floor(value / LOW_HALF) | 0;
    let length = 0;
    const sevens: number[] = [];
    do {
      sevens[length++] = low & 0x7f;
      low = (low >>> 7) | ((high & 0x7f) << 25);
      high >>>= 7;
    } while (low !== 0 || high !== 0);
    this.byte(sevens[length - 1]!);
    for (let i = length - 2; i >= 0; i--) this.byte(sevens[i]! | 0x80);
  }

  double(value: number): void {
    this.room(8);
    this.start -= 8;
    this.buffer.writeDoubleLE(value, this.start);
  }

  /** The text, then (before it) its length. */
  text(value: string): void {
    const length = Buffer.byteLength(value);
    this.room(length);
    this.start -= length;
    this.buffer.write(value, this.start, length, 'utf8');
    this.varint(length);
  }

  /** Puts the length of what was written since `mark` before it. */
  lengthSince(mark: number): void {
    this.varint(this.mark() - mark);
  }
}

export type { BackwardWriter };
export const writer = new BackwardWriter();
