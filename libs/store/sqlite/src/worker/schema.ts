import type { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { DamagedRowError, RefusedError } from './faults.ts';
import { databaseFile } from './files.ts';
import { rowsMustBeWhole, structureMustBeWhole } from './integrity.ts';
import { checksumOf, type RowContent } from './rows.ts';

/** Raised whenever older programs could not read the data. */
export const FORMAT_VERSION = 2;
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
  else structureMustBeWhole(db, directory);
  if (version === 1) addChecksums(db);
  else rowsMustBeWhole(db);
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
      value BLOB,
      expires_at INTEGER,
      checksum INTEGER                  -- of all this but previous
    );
    CREATE INDEX log_key ON log (key, id, create_revision);
    CREATE TABLE current (
      key TEXT PRIMARY KEY,
      id INTEGER NOT NULL,
      create_revision INTEGER NOT NULL,
      expires_at INTEGER
    ) WITHOUT ROWID;
    CREATE INDEX current_expiry ON current (expires_at) WHERE expires_at IS NOT NULL;
    CREATE TABLE compaction (compacted INTEGER NOT NULL, swept INTEGER NOT NULL, checksum INTEGER);
    INSERT INTO compaction VALUES (0, 0, ${compactionChecksum(0, 0)});
  `);
}

/** What format 2 has more than format 1. */
function addChecksums(db: DatabaseSync): void {
  db.function('checksum_of', { varargs: true }, (...row) => checksumOf(row as unknown as RowContent));
  db.function('compaction_checksum', { varargs: true }, (...row) => compactionChecksum(...(row as [number, number])));
  db.exec(`
    ALTER TABLE log ADD COLUMN expires_at INTEGER;
    ALTER TABLE log ADD COLUMN checksum INTEGER;
    ALTER TABLE compaction ADD COLUMN checksum INTEGER;
    UPDATE log SET expires_at = c.expires_at FROM current c WHERE c.id = log.id AND c.expires_at IS NOT NULL;
    UPDATE log SET checksum = checksum_of(key, id, create_revision, expires_at, value);
    UPDATE compaction SET checksum = compaction_checksum(compacted, swept);
    PRAGMA user_version = ${FORMAT_VERSION};
  `);
}

export const compactionChecksum = (compacted: number, swept: number): number => crc32(`${compacted} ${swept}`);

/** Up to where history is forgotten, and up to which row what it forgot is removed. */
export function readCompaction(db: DatabaseSync): readonly [compacted: number, swept: number] {
  const row = db.prepare('SELECT compacted, swept, checksum FROM compaction').get() as Record<string, number>;
  const { compacted, swept, checksum } = row as { compacted: number; swept: number; checksum: number };
  if (checksum !== compactionChecksum(compacted, swept)) throw new DamagedRowError('compaction');
  return [compacted, swept];
}

/** What the data says. */
export function lastRevision(db: DatabaseSync): number {
  const [compacted] = readCompaction(db);
  const { last } = db.prepare('SELECT max(id) AS last FROM log').get() as { last: number | null };
  return Math.max(1, compacted, Math.floor((last ?? 0) / SLOTS));
}
