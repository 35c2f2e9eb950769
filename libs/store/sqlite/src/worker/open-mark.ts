import { closeSync, constants, fsyncSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { logFile, openMarkFile, sizeOf } from './files.ts';
import { type LogPlace, SALTS_AT, SALTS_LENGTH } from './write-ahead-log.ts';

/** What was acknowledged last: the revision, and the place in the write-ahead log where it ends. */
export interface Acknowledged extends LogPlace {
  readonly revision: number;
}

/** `unknown`: it is there, but what it says was written by an older program, or not whole. */
export type MarkFound = Acknowledged | 'unknown' | undefined;

// Revision, salts, frames, and a checksum of these.
const LENGTH = 24;
const SUM_AT = LENGTH - 4;
const WITHIN = 100;

export function readOpenMark(directory: string): MarkFound {
  let bytes: Buffer;
  try {
    bytes = readFileSync(openMarkFile(directory));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  if (bytes.length !== LENGTH || bytes.readUInt32BE(SUM_AT) !== crc32(bytes.subarray(0, SUM_AT))) return 'unknown';
  const [revision, frames] = [bytes.readDoubleBE(0), bytes.readUInt32BE(16)];
  return { revision, salts: bytes.subarray(8, 16), frames };
}

/**
 * The file `open`: it says that the write-ahead log holds something that the database does not, and how much of it was acknowledged.
 * Without it a log that is missing is one that SQLite has closed, and one whose end is damaged is one that a crash has torn. A commit
 * pays nothing for it: what it says is written a moment later and not synced, so that it may say less than was acknowledged (a process that
 * is killed: what came in the last moment; a machine without power: in the last half minute), but never more than is on the disk.
 */
export class OpenMark {
  readonly #directory: string;
  readonly #bytes: Buffer = Buffer.alloc(LENGTH);
  readonly #state: StatementSync;
  #mark: number | undefined;
  #log: number | undefined;
  #due: NodeJS.Timeout | undefined;
  #revision = 0;

  constructor(db: DatabaseSync, directory: string) {
    this.#directory = directory;
    this.#state = db.prepare('PRAGMA wal_checkpoint(NOOP)');
  }

  get exists(): boolean {
    return sizeOf(openMarkFile(this.#directory)) !== undefined;
  }

  /** Called before anything is acknowledged that the log alone has. That the file is there is on the disk when it returns. */
  keep(revision: number): void {
    if (revision === this.#revision) return;
    const isNew = this.#mark === undefined;
    this.#mark ??= openSync(openMarkFile(this.#directory), constants.O_WRONLY | constants.O_CREAT, 0o600);
    this.#revision = revision;
    if (!isNew) {
      this.#due ??= setTimeout(() => this.#write(), WITHIN);
      return;
    }
    this.#write();
    sync(this.#directory);
  }

  /** Once the database has everything, and before the log goes. */
  remove(): void {
    this.close();
    rmSync(openMarkFile(this.#directory), { force: true });
    sync(this.#directory);
  }

  close(): void {
    clearTimeout(this.#due);
    for (const fd of [this.#mark, this.#log]) if (fd !== undefined) closeSync(fd);
    this.#due = this.#mark = this.#log = undefined;
    this.#revision = 0;
  }

  /** A disk without room for it leaves what it said before. */
  #write(): void {
    this.#due = undefined;
    const bytes = this.#bytes;
    try {
      this.#log ??= openSync(logFile(this.#directory), 'r');
      bytes.writeDoubleBE(this.#revision, 0);
      readSync(this.#log, bytes, 8, SALTS_LENGTH, SALTS_AT);
      bytes.writeUInt32BE((this.#state.get() as { log: number }).log, 16);
      bytes.writeUInt32BE(crc32(bytes.subarray(0, SUM_AT)), SUM_AT);
      writeSync(this.#mark!, bytes, 0, LENGTH, 0);
    } catch {
      // The next write tries again.
    }
  }
}

function sync(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
