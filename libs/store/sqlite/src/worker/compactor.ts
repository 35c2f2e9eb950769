import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { checkpoint } from './database.ts';
import type { OpenMark } from './open-mark.ts';
import { SLOTS } from './schema.ts';

const ROWS_PER_SWEEP = 1000;
const PAGES_PER_SWEEP = 2000;

/**
 * Forgets in two steps: the mark is set at once and is what readers obey; rows go in small sweeps, so that writers wait little.
 * Only what was written since the last sweep is looked at: each row names the row it replaced.
 */
export class Compactor {
  compacted: number;
  #swept: number;
  readonly #db: DatabaseSync;
  readonly #openMark: OpenMark;
  readonly #mark: StatementSync;
  readonly #next: StatementSync;
  readonly #remove: StatementSync;
  readonly #remember: StatementSync;

  constructor(db: DatabaseSync, openMark: OpenMark) {
    this.#db = db;
    this.#openMark = openMark;
    this.#mark = db.prepare('UPDATE compaction SET compacted = ?');
    this.#remember = db.prepare('UPDATE compaction SET swept = ?');
    this.#remove = db.prepare('DELETE FROM log WHERE id = ?');
    this.#next = db.prepare(
      'SELECT id, create_revision AS created, previous FROM log WHERE id > ? AND id < ? ORDER BY id LIMIT ?',
    );
    const row = db.prepare('SELECT compacted, swept FROM compaction').get() as { compacted: number; swept: number };
    this.compacted = row.compacted;
    this.#swept = row.swept;
  }

  mark(revision: number): void {
    if (revision <= this.compacted) return;
    this.#mark.run(revision);
    this.compacted = revision;
  }

  /** Removes a few rows or gives back a few pages; true while there is more to do. */
  sweep(): boolean {
    const end = (this.compacted + 1) * SLOTS;
    const rows = this.#next.all(this.#swept, end, ROWS_PER_SWEEP) as unknown as {
      id: number;
      created: number;
      previous: number | null;
    }[];
    if (rows.length === 0) return this.#giveBack();
    this.#db.exec('BEGIN IMMEDIATE');
    for (const { id, created, previous } of rows) {
      if (previous !== null) this.#remove.run(previous);
      if (created === 0) this.#remove.run(id);
    }
    this.#remember.run(rows.at(-1)!.id);
    this.#db.exec('COMMIT');
    this.#swept = rows.at(-1)!.id;
    return true;
  }

  #giveBack(): boolean {
    this.#db.exec(`PRAGMA incremental_vacuum(${PAGES_PER_SWEEP})`);
    const { freelist_count } = this.#db.prepare('PRAGMA freelist_count').get() as { freelist_count: number };
    if (freelist_count > 0) return true;
    checkpoint(this.#db);
    this.#openMark.remove();
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return false;
  }
}
