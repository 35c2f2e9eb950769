import type { DatabaseSync } from 'node:sqlite';
import { DamagedError, DamagedRowError } from './faults.ts';
import { databaseFile } from './files.ts';
import { checked, OF_LOG, type Row } from './rows.ts';

/** The pages' structure and the indices by SQLite's own check; then `current`, which says nothing but what the log does. */
export function structureMustBeWhole(db: DatabaseSync, directory: string): void {
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

/** Every row, in the order of the file; and that `current` says of those that expire what they do. */
export function rowsMustBeWhole(db: DatabaseSync): void {
  const expiry = db.prepare('SELECT expires_at AS at FROM current WHERE key = ? AND id = ?');
  const rows = db.prepare(`SELECT ${OF_LOG} FROM log l ORDER BY id`);
  rows.setReturnArrays(true);
  for (const row of rows.iterate() as unknown as Iterable<Row>) {
    const [key, id, , expiresAt] = checked(row);
    if (expiresAt === null) continue;
    const current = expiry.get(key, id) as { at: number | null } | undefined;
    if (current && current.at !== expiresAt) throw new DamagedRowError(key);
  }
  const more = db.prepare(`SELECT c.key FROM current c JOIN log l USING (id)
    WHERE c.expires_at IS NOT NULL AND c.expires_at IS NOT l.expires_at LIMIT 1`);
  const other = more.get() as { key: string } | undefined;
  if (other) throw new DamagedRowError(other.key);
}
