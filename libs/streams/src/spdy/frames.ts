/** SPDY/3.1 frames as bytes. Control frames: version and type, flags, 24 bits of length. Data frames: stream, flags, length. */
export const frameType = {
  synStream: 1,
  synReply: 2,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  headers: 8,
  windowUpdate: 9,
} as const;
export const flagFin = 1;

export type Frame =
  | { readonly kind: 'data'; readonly streamId: number; readonly fin: boolean; readonly payload: Buffer }
  | { readonly kind: 'control'; readonly type: number; readonly flags: number; readonly payload: Buffer };

const headBytes = 8;
const version = 3;

/** Data of one frame; small enough that streams take turns, large enough that heads cost nothing. */
export const maxDataBytes = 64 * 1024;
/** No client of ours needs more, and a frame is kept in memory until it is whole. */
const maxControlBytes = 256 * 1024;

export class FrameError extends Error {
  override readonly name = 'FrameError';
}

/** Cuts a byte stream into frames. Data payloads are passed on as they arrive, not when their frame is complete. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);
  #open: { streamId: number; fin: boolean; left: number } | undefined;

  *push(chunk: Buffer): Generator<Frame> {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const frame = this.#open ? this.#data(this.#open) : this.#head();
      if (frame === 'more') return;
      if (frame) yield frame;
    }
  }

  #head(): Frame | 'more' | undefined {
    if (this.#rest.length < headBytes) return 'more';
    const first = this.#rest.readUInt32BE(0);
    const flags = this.#rest[4] ?? 0;
    const length = this.#rest.readUIntBE(5, 3);
    if (first < 0x80000000) {
      this.#rest = this.#rest.subarray(headBytes);
      this.#open = { streamId: first, fin: (flags & flagFin) !== 0, left: length };
      return undefined;
    }
    if (((first >>> 16) & 0x7fff) !== version) throw new FrameError(`SPDY version ${(first >>> 16) & 0x7fff} is not 3`);
    if (length > maxControlBytes) throw new FrameError(`SPDY control frame of ${length} bytes is too large`);
    if (this.#rest.length < headBytes + length) return 'more';
    const payload = this.#rest.subarray(headBytes, headBytes + length);
    this.#rest = this.#rest.subarray(headBytes + length);
    return { kind: 'control', type: first & 0xffff, flags, payload };
  }

  #data(open: { streamId: number; fin: boolean; left: number }): Frame | 'more' {
    if (open.left > 0 && this.#rest.length === 0) return 'more';
    const payload = this.#rest.subarray(0, open.left);
    this.#rest = this.#rest.subarray(payload.length);
    open.left -= payload.length;
    const last = open.left === 0;
    if (last) this.#open = undefined;
    return { kind: 'data', streamId: open.streamId, fin: last && open.fin, payload };
  }
}

export function controlFrame(type: number, flags: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt16BE(0x8000 | version, 0);
  head.writeUInt16BE(type, 2);
  head[4] = flags;
  head.writeUIntBE(payload.length, 5, 3);
  return Buffer.concat([head, payload]);
}

export function dataHead(streamId: number, fin: boolean, length: number): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt32BE(streamId, 0);
  head[4] = fin ? flagFin : 0;
  head.writeUIntBE(length, 5, 3);
  return head;
}

/** The 32-bit fields that head most control payloads. */
export function words(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) buffer.writeUInt32BE(value >>> 0, i * 4);
  return buffer;
}

/** A control payload's nth 32-bit field, without the reserved bit. */
export function word(payload: Buffer, index: number): number {
  if (payload.length < index * 4 + 4) throw new FrameError('SPDY control frame is too short');
  return payload.readUInt32BE(index * 4) & 0x7fffffff;
}
