import { closeSync, openSync, readSync } from 'node:fs';

// SQLite's file format, section 4: a header of 32 bytes, then frames of 24 bytes and a page. Every checksum goes on from the one before it.
const HEADER = 32;
const FRAME_HEADER = 24;
const MAGIC = 0x377f0682;
const VERSION = 3007000;
const FRAMES_AT_ONCE = 64;

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
 * of the same log behind a commit that lies at or behind the first misfit are proof of damage.
 */
export function isDamagedLog(file: string): boolean {
  const fd = openSync(file, 'r');
  try {
    const header = read(fd, 0, HEADER);
    if (header.length < HEADER) return false;
    const log = logOf(header);
    // It is on the disk before the first frame is.
    if (!log) return read(fd, HEADER, FRAME_HEADER).length === FRAME_HEADER;
    return hasMisfit(fd, log, sumOf(header.subarray(0, 24), log, [0, 0]));
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

function hasMisfit(fd: number, log: Log, start: Sum): boolean {
  const size = FRAME_HEADER + log.pageSize;
  let sum = start;
  let place: Place = 'whole';
  for (let at = HEADER; ; ) {
    const frames = read(fd, at, FRAMES_AT_ONCE * size);
    for (let from = 0; from + size <= frames.length; from += size) {
      const frame = frames.subarray(from, from + size);
      if (place === 'whole') {
        const next = sumOf(frame.subarray(FRAME_HEADER), log, sumOf(frame.subarray(0, 8), log, sum));
        if (saltsThatFit(frame, log) === 2 && fits(next, frame, 16)) {
          sum = next;
          continue;
        }
        place = 'torn';
      }
      // One salt alone is a damaged frame: those of another log differ in both.
      if (saltsThatFit(frame, log) === 0) continue;
      if (place === 'committed') return true;
      if (frame.readUInt32BE(4) !== 0) place = 'committed';
    }
    if (frames.length < FRAMES_AT_ONCE * size) return false;
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
