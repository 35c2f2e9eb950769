import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { checkpoint } from './database.ts';
import type { OpenMark } from './open-mark.ts';
import { compactionChecksum, readCompaction, SLOTS } from './schema.ts';

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
  readonly #next: StatementSync;
  readonly #remove: StatementSync;
  readonly #remember: StatementSync;

  constructor(db: DatabaseSync, openMark: OpenMark) {
    this.#db = db;
    this.#openMark = openMark;
    this.#remember = db.prepare('UPDATE compaction SET compacted = ?, swept = ?, checksum = ?');
    // Never the newest of a key, whatever the row that replaced it names.
    this.#remove = db.prepare('DELETE FROM log WHERE id = ? AND key = ? AND id <= ?');
    this.#next = db.prepare(
      'SELECT id, key, create_revision AS created, previous FROM log WHERE id > ? AND id < ? ORDER BY id LIMIT ?',
    );
    [this.compacted, this.#swept] = readCompaction(db);
  }

  mark(revision: number): void {
    if (revision <= this.compacted) return;
    this.#write(revision, this.#swept);
    this.compacted = revision;
  }

  /** Removes a few rows or gives back a few pages; true while there is more to do. */
  sweep(): boolean {
    const end = (this.compacted + 1) * SLOTS;
    const rows = this.#next.all(this.#swept, end, ROWS_PER_SWEEP) as unknown as {
      id: number;
      key: string;
      created: number;
      previous: number | null;
    }[];
    if (rows.length === 0) return this.#giveBack();
    this.#db.exec('BEGIN IMMEDIATE');
    for (const { id, key, created, previous } of rows) {
      if (previous !== null) this.#remove.run(previous, key, id - 1);
      if (created === 0) this.#remove.run(id, key, id);
    }
    const swept = rows.at(-1)!.id;
    this.#write(this.compacted, swept);
    this.#db.exec('COMMIT');
    this.#swept = swept;
    return true;
  }

  #write(compacted: number, swept: number): void {
    this.#remember.run(compacted, swept, compactionChecksum(compacted, swept));
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
