import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Reply, Request } from '../protocol.ts';
import { EntryColumns } from './entries.ts';
import { checked, NO_END, OF_CURRENT, OF_LOG, type Row } from './rows.ts';
import { SLOTS } from './schema.ts';

const HISTORY_ROWS = 2000;
const HISTORY_BYTES = 8 * 1024 * 1024;

/** Reads the present, single keys of the past and the log. Runs between commits, so it sees durable data only. */
export class Reader {
  readonly #getNow: StatementSync;
  readonly #getAt: StatementSync;
  readonly #listNow: StatementSync;
  readonly #countNow: StatementSync;
  readonly #history: StatementSync;

  constructor(db: DatabaseSync) {
    const prepare = (sql: string): StatementSync => {
      const statement = db.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    };
    this.#getNow = prepare(`SELECT ${OF_CURRENT} FROM current c LEFT JOIN log l USING (id) WHERE c.key = ?`);
    this.#getAt = prepare(`SELECT ${OF_LOG} FROM log l WHERE key = ? AND id < ? ORDER BY id DESC LIMIT 1`);
    this.#listNow = prepare(`SELECT ${OF_CURRENT} FROM current c LEFT JOIN log l USING (id)
      WHERE c.key >= ? AND c.key < ? ORDER BY c.key LIMIT ?`);
    this.#countNow = prepare('SELECT count(*) FROM current WHERE key >= ? AND key < ?');
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

  list({ start, end, limit, ...how }: Extract<Request, { kind: 'list' }>, present: number): Reply {
    const until = end ?? NO_END;
    const entries = new EntryColumns();
    let more = false;
    if (!how.countOnly)
      for (const row of this.#listNow.iterate(start, until, limit + 1) as unknown as Iterable<Row>) {
        more = entries.length === limit;
        if (more) break;
        entries.add(checked(row), how.keysOnly);
      }
    let remaining = more ? 1 : 0;
    if (how.countOnly || (more && !how.uncounted)) {
      const from = entries.lastKey === undefined ? start : `${entries.lastKey}\0`;
      [remaining] = this.#countNow.get(from, until) as unknown as [number];
    }
    return { kind: 'entries', entries: entries.finish(), revision: present, remaining };
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
