import type { DatabaseSync } from 'node:sqlite';
import { DamagedError } from './faults.ts';
import { databaseFile } from './files.ts';

/**
 * The pages' structure and the indices by SQLite's own check; then `current`, which says nothing but what the log does. What the rows hold
 * is looked at when they are read.
 */
export function databaseMustBeWhole(db: DatabaseSync, directory: string): void {
  const fault = () => new DamagedError(`${databaseFile(directory)} is damaged: restore a backup`);
  const { integrity_check } = db.prepare('PRAGMA integrity_check(1)').get() as { integrity_check: string };
  if (integrity_check !== 'ok') throw fault();
  const { live, found, held } = db
    .prepare(`SELECT count(*) AS live, count(c.id) AS found, (SELECT count(*) FROM current) AS held
      FROM (SELECT key, max(id) AS id, create_revision FROM log INDEXED BY log_key GROUP BY key HAVING create_revision > 0) l
      LEFT JOIN current c ON c.key = l.key AND c.id = l.id AND c.create_revision = l.create_revision`)
    .get() as { live: number; found: number; held: number };
  if (found !== live || held !== live) throw fault();
}
