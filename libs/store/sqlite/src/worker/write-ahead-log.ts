import { closeSync, openSync, readSync } from 'node:fs';

// SQLite's file format, section 4: a header of 32 bytes, then frames of 24 bytes and a page. Every checksum goes on from the one before it.
const HEADER = 32;
const FRAME_HEADER = 24;
const MAGIC = 0x377f0682;
const VERSION = 3007000;
const FRAMES_AT_ONCE = 64;
/** Where the header has what differs from one beginning of the log to the next. */
export const SALTS_AT = 16;
export const SALTS_LENGTH = 8;

/** A place in a log: behind so many frames since it began with these salts. */
export interface LogPlace {
  readonly salts: Uint8Array;
  readonly frames: number;
}

/** `front`: in front of a commit that is there; `end`: where something was acknowledged that is not. */
export type LogDamage = 'front' | 'end' | undefined;

interface Log {
  readonly pageSize: number;
  readonly salts: Salts;
  /** The words that are summed up are big-endian; else little-endian. */
  readonly bigEndian: boolean;
}
type Salts = readonly [number, number];
type Sum = readonly [number, number];

/**
 * Whether a write-ahead log is damaged in front of what was committed for certain. SQLite takes the first frame that does not fit for the
 * end, and so forgets what is behind it. A crash tears the last transaction at most: each is on the disk before the next begins. So frames
 * of the same log behind a commit that lies at or behind the first misfit are proof of damage; and so is a misfit in front of the place
 * up to which it was `acknowledged`, where that is known and of this very log.
 */
export function damageOfLog(file: string, acknowledged?: LogPlace): LogDamage {
  const fd = openSync(file, 'r');
  try {
    const header = read(fd, 0, HEADER);
    if (header.length < HEADER) return undefined;
    const log = logOf(header);
    // It is on the disk before the first frame is.
    if (!log) return read(fd, HEADER, FRAME_HEADER).length === FRAME_HEADER ? 'front' : undefined;
    const { whole, misfit } = walk(fd, log, sumOf(header.subarray(0, 24), log, [0, 0]));
    if (misfit) return 'front';
    const isThisLog = acknowledged && header.subarray(SALTS_AT, SALTS_AT + SALTS_LENGTH).equals(acknowledged.salts);
    return isThisLog && whole < acknowledged.frames ? 'end' : undefined;
  } finally {
    closeSync(fd);
  }
}

function logOf(header: Buffer): Log | undefined {
  const magic = header.readUInt32BE(0);
  const pageSize = header.readUInt32BE(8);
  const isPageSize = pageSize >= 512 && pageSize <= 65536 && (pageSize & (pageSize - 1)) === 0;
  if ((magic & ~1) !== MAGIC || header.readUInt32BE(4) !== VERSION || !isPageSize) return undefined;
  const log: Log = {
    pageSize,
    salts: [header.readUInt32BE(16), header.readUInt32BE(20)],
    bigEndian: magic !== MAGIC,
  };
  return fits(sumOf(header.subarray(0, 24), log, [0, 0]), header, 24) ? log : undefined;
}

/** Where the walk is: whole until the first misfit; then whether a commit has been seen since. */
type Place = 'whole' | 'torn' | 'committed';

/** How many frames fit from the beginning on, and whether a commit follows that shows the misfit behind them to be damage. */
function walk(fd: number, log: Log, start: Sum): { readonly whole: number; readonly misfit: boolean } {
  const size = FRAME_HEADER + log.pageSize;
  let sum = start;
  let place: Place = 'whole';
  let whole = 0;
  for (let at = HEADER; ; ) {
    const frames = read(fd, at, FRAMES_AT_ONCE * size);
    for (let from = 0; from + size <= frames.length; from += size) {
      const frame = frames.subarray(from, from + size);
      if (place === 'whole') {
        const next = sumOf(frame.subarray(FRAME_HEADER), log, sumOf(frame.subarray(0, 8), log, sum));
        if (saltsThatFit(frame, log) === 2 && fits(next, frame, 16)) {
          sum = next;
          whole++;
          continue;
        }
        place = 'torn';
      }
      // One salt alone is a damaged frame: those of another log differ in both.
      if (saltsThatFit(frame, log) === 0) continue;
      if (place === 'committed') return { whole, misfit: true };
      if (frame.readUInt32BE(4) !== 0) place = 'committed';
    }
    if (frames.length < FRAMES_AT_ONCE * size) return { whole, misfit: false };
    at += frames.length;
  }
}

const saltsThatFit = (frame: Buffer, { salts }: Log): number =>
  salts.filter((salt, i) => frame.readUInt32BE(8 + 4 * i) === salt).length;

const fits = (sum: Sum, bytes: Buffer, at: number): boolean =>
  bytes.readUInt32BE(at) === sum[0] && bytes.readUInt32BE(at + 4) === sum[1];

function sumOf(bytes: Buffer, { bigEndian }: Log, [before0, before1]: Sum): Sum {
  let s0 = before0;
  let s1 = before1;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let i = 0; i < bytes.length; i += 8) {
    s0 = (s0 + view.getUint32(i, !bigEndian) + s1) >>> 0;
    s1 = (s1 + view.getUint32(i + 4, !bigEndian) + s0) >>> 0;
  }
  return [s0, s1];
}

/** Shorter at the end of the file. */
function read(fd: number, at: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(length);
  let got = 0;
  for (let more = -1; more !== 0 && got < length; got += more) more = readSync(fd, bytes, got, length - got, at + got);
  return bytes.subarray(0, got);
}
