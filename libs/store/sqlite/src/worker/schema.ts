import type { DatabaseSync } from 'node:sqlite';
import { RefusedError } from './faults.ts';
import { databaseFile } from './files.ts';

/** Raised whenever older programs could not read the data. */
export const FORMAT_VERSION = 1;
const APPLICATION_ID = 0x6b6e7374;
/** A log id is `revision * SLOTS + position`, so that one integer orders everything. */
export const SLOTS = 65536;

/** Makes the tables of a new database; refuses what this program did not write or does not know. */
export function prepareSchema(db: DatabaseSync, directory: string): void {
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

/** What the data says. */
export function lastRevision(db: DatabaseSync): number {
  const { last, compacted } = db
    .prepare('SELECT (SELECT max(id) FROM log) AS last, compacted FROM compaction')
    .get() as { last: number | null; compacted: number };
  return Math.max(1, compacted, Math.floor((last ?? 0) / SLOTS));
}
