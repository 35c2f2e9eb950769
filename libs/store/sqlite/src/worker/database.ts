import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { WorkerOptions } from '../protocol.ts';
import { isMarkedOpen, openMark, unmarkOpen } from './open-mark.ts';
import { isDamagedLog } from './write-ahead-log.ts';

/** Raised whenever older programs could not read the data. */
export const FORMAT_VERSION = 1;
const APPLICATION_ID = 0x6b6e7374;
/** A log id is `revision * SLOTS + position`, so that one integer orders everything. */
export const SLOTS = 65536;
const CHECKPOINT_PAGES = 4000;
const INCREMENTAL = 2;

export class RefusedError extends Error {}

/** Something is lost, and going on would lose more. */
export class DamagedError extends RefusedError {}

export const databaseFile = (directory: string): string => join(directory, 'state.db');

/** Opens or creates the database and holds its lock until it is closed or the process dies. */
export function openDatabase({ directory, maxBytes }: WorkerOptions): DatabaseSync {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  mustBeWhole(directory);
  const db = opened(directory);
  try {
    keepToOurselves(directory);
    prepareDatabase(db, directory);
    if (maxBytes !== undefined) {
      const { page_size } = db.prepare('PRAGMA page_size').get() as { page_size: number };
      db.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / page_size))}`);
    }
    return db;
  } catch (error) {
    closeDatabase(db, directory);
    throw explain(error, directory);
  }
}

/** Takes back the mark once the database has everything, and before the log goes. */
export function closeDatabase(db: DatabaseSync, directory: string): void {
  try {
    if (db.isTransaction) db.exec('ROLLBACK');
    checkpoint(db);
    unmarkOpen(directory);
  } catch {
    // It is in use, damaged, or the disk is full: then the log stays, and so does the mark.
  }
  db.close();
}

/** All that the log holds is on the disk in the database when it returns. */
export function checkpoint(db: DatabaseSync): void {
  const { busy } = db.prepare('PRAGMA wal_checkpoint(FULL)').get() as { busy: number };
  if (busy !== 0) throw new Error('the write-ahead log is in use');
}

/** SQLite would begin anew, or go on with what was written before, and throw the log away. */
function mustBeWhole(directory: string): void {
  const file = databaseFile(directory);
  const log = `${file}-wal`;
  const hasLog = (sizeOf(log) ?? 0) > 0;
  if (sizeOf(file) === undefined && hasLog)
    throw new DamagedError(`${file} is missing beside its write-ahead log: restore a backup`);
  if (isMarkedOpen(directory) && !hasLog)
    throw new DamagedError(
      `${log} is ${sizeOf(log) === 0 ? 'empty' : 'missing'}, which had the last writes when the store was not closed: restore a backup (if state.db is one, whole by itself, remove ${openMark(directory)})`,
    );
  if (hasLog && isDamagedLog(log))
    throw new DamagedError(`${log} is damaged in front of writes that were acknowledged: restore a backup`);
}

/** Its log gets the same permissions. */
function keepToOurselves(directory: string): void {
  for (const suffix of ['', '-wal']) {
    const file = databaseFile(directory) + suffix;
    const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0;
    if ((mode & 0o077) !== 0) chmodSync(file, 0o600);
  }
}

function opened(directory: string): DatabaseSync {
  try {
    // Before SQLite makes it for everybody to read.
    if (sizeOf(databaseFile(directory)) === undefined) closeSync(openSync(databaseFile(directory), 'a', 0o600));
    return new DatabaseSync(databaseFile(directory));
  } catch (error) {
    throw explain(error, directory);
  }
}

function prepareDatabase(db: DatabaseSync, directory: string): void {
  // An exclusive lock also spares the shared-memory index, as this is the only connection.
  db.exec('PRAGMA locking_mode = EXCLUSIVE');
  const { auto_vacuum } = db.prepare('PRAGMA auto_vacuum').get() as { auto_vacuum: number };
  // Setting it writes a page, also where it is set: on a full disk that would be refused.
  if (auto_vacuum !== INCREMENTAL) db.exec(`PRAGMA auto_vacuum = ${INCREMENTAL}`);
  db.exec('PRAGMA journal_mode = WAL');
  db.exec(`PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  db.exec('PRAGMA journal_size_limit = 0; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY');
  db.exec('BEGIN IMMEDIATE');
  const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
  const { application_id: application } = db.prepare('PRAGMA application_id').get() as { application_id: number };
  if (version > FORMAT_VERSION)
    throw new RefusedError(
      `data in ${directory} has format ${version}, this program knows formats up to ${FORMAT_VERSION}: use the newer program that wrote it`,
    );
  const { tables } = db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as { tables: number };
  if (application !== APPLICATION_ID && tables > 0)
    throw new RefusedError(`${databaseFile(directory)} is another program's database: choose another directory`);
  if (version === 0) createSchema(db);
  db.exec('COMMIT');
}

function createSchema(db: DatabaseSync): void {
  db.exec(`
    PRAGMA application_id = ${APPLICATION_ID};
    PRAGMA user_version = ${FORMAT_VERSION};
    CREATE TABLE log (
      id INTEGER PRIMARY KEY,
      key TEXT NOT NULL,
      create_revision INTEGER NOT NULL, -- 0: this row is a deletion
      previous INTEGER,                 -- the row this one replaced
      value BLOB
    );
    CREATE INDEX log_key ON log (key, id, create_revision);
    CREATE TABLE current (
      key TEXT PRIMARY KEY,
      id INTEGER NOT NULL,
      create_revision INTEGER NOT NULL,
      expires_at INTEGER
    ) WITHOUT ROWID;
    CREATE INDEX current_expiry ON current (expires_at) WHERE expires_at IS NOT NULL;
    CREATE TABLE compaction (compacted INTEGER NOT NULL, swept INTEGER NOT NULL);
    INSERT INTO compaction VALUES (0, 0);
  `);
}

/** SQLite's result code without its extension; 0 when it is not SQLite's error. */
export function resultCode(error: unknown): number {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
}

const BUSY = 5;
const CORRUPT = 11;
export const FULL = 13;
const NOT_A_DATABASE = 26;

/** SQLite's error with the file it is about and what to do; others as they are. */
export function explain(error: unknown, directory: string): unknown {
  const file = databaseFile(directory);
  const code = resultCode(error);
  switch (code) {
    case 0:
    case FULL:
      return error;
    case BUSY:
      return new RefusedError(`${file} is in use by another process: stop it first, or choose another directory`);
    case CORRUPT:
    case NOT_A_DATABASE:
      return new DamagedError(`${file} is damaged: restore a backup`);
    default:
      return new RefusedError(`${file} cannot be used: ${(error as Error).message}`);
  }
}

export function diskBytes(directory: string): number {
  let bytes = 0;
  for (const suffix of ['', '-wal']) bytes += sizeOf(databaseFile(directory) + suffix) ?? 0;
  return bytes;
}

const sizeOf = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.size;
