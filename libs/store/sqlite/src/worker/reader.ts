import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Reply, Request } from '../protocol.ts';
import { EntryColumns } from './entries.ts';
import { checked, OF_CURRENT, OF_LOG, type Row } from './rows.ts';
import { SLOTS } from './schema.ts';

const HISTORY_ROWS = 2000;
const HISTORY_BYTES = 8 * 1024 * 1024;
// Any blob sorts after every text: the end of a range that has none.
const NO_END = new Uint8Array(0);

/** Reads at the present or at a past revision. Runs between commits, so it sees durable data only. */
export class Reader {
  readonly #getNow: StatementSync;
  readonly #getAt: StatementSync;
  readonly #listNow: StatementSync;
  readonly #listAt: StatementSync;
  readonly #countNow: StatementSync;
  readonly #countAt: StatementSync;
  readonly #history: StatementSync;

  constructor(db: DatabaseSync) {
    const prepare = (sql: string): StatementSync => {
      const statement = db.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    };
    const at = `SELECT key, max(id) AS id, create_revision FROM log INDEXED BY log_key
      WHERE key >= ? AND key < ? AND id < ? GROUP BY key HAVING create_revision > 0`;
    this.#getNow = prepare(`SELECT ${OF_CURRENT} FROM current c LEFT JOIN log l USING (id) WHERE c.key = ?`);
    this.#getAt = prepare(`SELECT ${OF_LOG} FROM log l WHERE key = ? AND id < ? ORDER BY id DESC LIMIT 1`);
    this.#listNow = prepare(`SELECT ${OF_CURRENT} FROM current c LEFT JOIN log l USING (id)
      WHERE c.key >= ? AND c.key < ? ORDER BY c.key LIMIT ?`);
    this.#listAt = prepare(`SELECT m.key, m.id, m.create_revision, l.expires_at, l.value, l.checksum
      FROM (${at} ORDER BY key LIMIT ?) m LEFT JOIN log l USING (id) ORDER BY m.key`);
    this.#countNow = prepare('SELECT count(*) FROM current WHERE key >= ? AND key < ?');
    this.#countAt = prepare(`SELECT count(*) FROM (${at})`);
    this.#history = prepare(`SELECT ${OF_LOG} FROM log l WHERE id >= ? ORDER BY id`);
  }

  get({ key, revision }: Extract<Request, { kind: 'get' }>, present: number): Reply {
    const row = (revision === undefined
      ? this.#getNow.get(key)
      : this.#getAt.get(key, (revision + 1) * SLOTS)) as unknown as Row | undefined;
    const entries = new EntryColumns();
    if (row && checked(row)[2] > 0) entries.add(row);
    return { kind: 'entries', entries: entries.finish(), revision: revision ?? present, remaining: 0 };
  }

  list({ start, end, limit, revision, countOnly }: Extract<Request, { kind: 'list' }>, present: number): Reply {
    const until = end ?? NO_END;
    const past = revision === undefined || revision === present ? undefined : (revision + 1) * SLOTS;
    const entries = new EntryColumns();
    if (!countOnly) {
      const rows =
        past === undefined
          ? this.#listNow.iterate(start, until, limit)
          : this.#listAt.iterate(start, until, past, limit);
      for (const row of rows as unknown as Iterable<Row>) entries.add(checked(row));
    }
    let remaining = 0;
    if (countOnly || entries.length === limit) {
      const from = entries.lastKey === undefined ? start : `${entries.lastKey}\0`;
      const row = past === undefined ? this.#countNow.get(from, until) : this.#countAt.get(from, until, past);
      remaining = (row as unknown as [number])[0];
    }
    return { kind: 'entries', entries: entries.finish(), revision: revision ?? present, remaining };
  }

  /** The next stretch of the log, cut between two revisions, never inside one. */
  history({ prefix, after }: Extract<Request, { kind: 'history' }>, present: number): Reply {
    const events = new EntryColumns();
    let through = after;
    let rows = 0;
    for (const row of this.#history.iterate((after + 1) * SLOTS) as unknown as Iterable<Row>) {
      const revision = Math.floor(checked(row)[1] / SLOTS);
      if (revision !== through && (rows >= HISTORY_ROWS || events.bytes >= HISTORY_BYTES))
        return { kind: 'history', events: events.finish(), through };
      through = revision;
      rows++;
      if (row[0].startsWith(prefix)) events.add(row);
    }
    return { kind: 'history', events: events.finish(), through: present };
  }
}
