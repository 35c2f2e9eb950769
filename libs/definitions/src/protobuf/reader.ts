import { badRequest, type StatusError } from '@kubernest/meta';

const LOW_HALF = 0x1_0000_0000;
const SHORT_TEXT = 24;

export function malformed(why: string): StatusError {
  return badRequest(`the protobuf body cannot be read: ${why}`);
}

/** Reads a message in place. Every fault of the bytes is a 400. */
export class Reader {
  constructor(
    private readonly buffer: Buffer,
    public position = 0,
    public end = buffer.length,
  ) {}

  static of(bytes: Uint8Array): Reader {
    return new Reader(Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }

  get done(): boolean {
    return this.position >= this.end;
  }

  private nextByte(): number {
    if (this.position >= this.end) throw malformed('it ends in the middle of a field');
    return this.buffer[this.position++]!;
  }

  /** Up to 32 bits: tags and lengths. */
  uint32(): number {
    const value = this.int64();
    if (value < 0 || value > 0xffffffff) throw malformed('a length is out of range');
    return value;
  }

  /** A signed number of 64 bits, exact up to 2^53. */
  int64(): number {
    let byte = this.nextByte();
    if (byte < 0x80) return byte;
    let low = byte & 0x7f;
    let high = 0;
    for (let shift = 7; shift < 70; shift += 7) {
      byte = this.nextByte();
      const seven = byte & 0x7f;
      if (shift < 28) low |= seven << shift;
      else if (shift === 28) {
        low |= seven << 28;
        high = seven >>> 4;
      } else high |= seven << (shift - 32);
      if (byte < 0x80) return (high | 0) * LOW_HALF + (low >>> 0);
    }
    throw malformed('a number is longer than ten bytes');
  }

  double(): number {
    if (this.position + 8 > this.end) throw malformed('it ends in the middle of a field');
    const value = this.buffer.readDoubleLE(this.position);
    this.position += 8;
    return value;
  }

  /** The end of a length-delimited field that begins here. */
  private delimited(): number {
    const length = this.uint32();
    if (this.position + length > this.end) throw malformed('a field is longer than its message');
    return this.position + length;
  }

  nested(): Reader {
    const end = this.delimited();
    const inner = new Reader(this.buffer, this.position, end);
    this.position = end;
    return inner;
  }

  bytes(): Buffer {
    const end = this.delimited();
    const value = this.buffer.subarray(this.position, end);
    this.position = end;
    return value;
  }

  text(): string {
    const end = this.delimited();
    const from = this.position;
    this.position = end;
    if (end - from > SHORT_TEXT) return this.buffer.toString('utf8', from, end);
    // Most texts are short and ASCII, where crossing into native code costs more than the loop.
    let value = '';
    for (let i = from; i < end; i++) {
      const byte = this.buffer[i]!;
      if (byte > 0x7f) return this.buffer.toString('utf8', from, end);
      value += String.fromCharCode(byte);
    }
    return value;
  }

  skip(wireType: number): void {
    if (wireType === 0) this.int64();
    else if (wireType === 1) this.advance(8);
    else if (wireType === 2) this.position = this.delimited();
    else if (wireType === 5) this.advance(4);
    else throw malformed(`wire type ${wireType} is not known`);
  }

  private advance(bytes: number): void {
    if (this.position + bytes > this.end) throw malformed('it ends in the middle of a field');
    this.position += bytes;
  }
}
