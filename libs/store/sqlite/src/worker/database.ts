import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { WorkerOptions } from '../protocol.ts';
import { explain } from './faults.ts';
import { databaseFile, logFile, sizeOf } from './files.ts';
import type { OpenMark } from './open-mark.ts';
import { prepareSchema } from './schema.ts';
import { logMustBeWhole } from './wholeness.ts';

const CHECKPOINT_PAGES = 4000;
const INCREMENTAL = 2;

/** Opens or creates the database and holds its lock until it is closed or the process dies. */
export function openDatabase({ directory, maxBytes }: WorkerOptions): DatabaseSync {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const mustHoldAcknowledged = logMustBeWhole(directory);
  const db = opened(directory);
  try {
    keepToOurselves(directory);
    prepareDatabase(db, directory);
    mustHoldAcknowledged(db);
    if (maxBytes !== undefined) {
      const { page_size } = db.prepare('PRAGMA page_size').get() as { page_size: number };
      db.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / page_size))}`);
    }
    return db;
  } catch (error) {
    db.close();
    throw explain(error, directory);
  }
}

/** The mark goes once the database has everything, and before the log does. */
export function closeDatabase(db: DatabaseSync, mark: OpenMark): void {
  try {
    if (db.isTransaction) db.exec('ROLLBACK');
    checkpoint(db);
    mark.remove();
  } catch {
    // It is damaged, or the disk is full: then the log stays, and so does the mark.
    mark.close();
  }
  db.close();
}

/** All that the log holds is on the disk in the database when it returns. */
export function checkpoint(db: DatabaseSync): void {
  const { busy } = db.prepare('PRAGMA wal_checkpoint(FULL)').get() as { busy: number };
  if (busy !== 0) throw new Error('the write-ahead log is in use');
}

/** Its log gets the same permissions. */
function keepToOurselves(directory: string): void {
  for (const file of [databaseFile(directory), logFile(directory)]) {
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
  prepareSchema(db, directory);
}
