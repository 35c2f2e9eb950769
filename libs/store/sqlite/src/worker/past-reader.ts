import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Reply, Request, WireEntries } from '../protocol.ts';
import { EntryColumns } from './entries.ts';
import { checked, NO_END, OF_LOG, type Row } from './rows.ts';
import { SLOTS } from './schema.ts';

/** So many versions one step passes by. */
const STEP_VERSIONS = 5000;
/** Counting touches nothing but the index. */
const STEP_COUNTED = 20_000;
const STEP_ENTRIES = 500;
const STEP_BYTES = 1024 * 1024;

type Step = Extract<Request, { kind: 'past' }>;
type Newest = readonly [key: string, id: number, created: number];
type Until = string | Uint8Array;

/** Lists as of a past revision, step by step: commits come in between, and a step takes no longer the more there is. */
export class PastReader {
  readonly #keyAt: StatementSync;
  readonly #newest: StatementSync;
  readonly #newestOf: StatementSync;
  readonly #count: StatementSync;
  readonly #row: StatementSync;

  constructor(db: DatabaseSync) {
    const prepare = (sql: string): StatementSync => {
      const statement = db.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    };
    const newest = `SELECT key, max(id) AS id, create_revision FROM log INDEXED BY log_key
      WHERE key >= ? AND key < ? AND id < ? GROUP BY key HAVING create_revision > 0`;
    this.#keyAt = prepare(
      'SELECT key FROM log INDEXED BY log_key WHERE key >= ? AND key < ? ORDER BY key LIMIT 1 OFFSET ?',
    );
    this.#newest = prepare(`${newest} ORDER BY key LIMIT ?`);
    this.#newestOf = prepare(
      'SELECT key, id, create_revision FROM log WHERE key = ? AND id < ? ORDER BY id DESC LIMIT 1',
    );
    this.#count = prepare(`SELECT count(*) FROM (${newest})`);
    this.#row = prepare(`SELECT ${OF_LOG} FROM log l WHERE id = ?`);
  }

  step(step: Step): Reply {
    const { start, end, what } = step;
    const until = end ?? NO_END;
    const bound = this.#keyAfter(start, until, what === 'count' ? STEP_COUNTED : STEP_VERSIONS);
    if (bound === undefined) return this.#within(step, until, undefined);
    if (bound !== this.#keyAfter(start, until, 0)) return this.#within(step, bound, bound);
    // One key alone has as many versions as a step passes by.
    return this.#oneOf(step, bound);
  }

  /** The key of the version that comes so many after the first. */
  #keyAfter(start: string, until: Until, versions: number): string | undefined {
    return (this.#keyAt.get(start, until, versions) as unknown as [string] | undefined)?.[0];
  }

  #within({ what, start, limit, revision }: Step, until: Until, next: string | undefined): Reply {
    const before = (revision + 1) * SLOTS;
    if (what === 'count') {
      const [count] = this.#count.get(start, until, before) as unknown as [number];
      return { kind: 'past', entries: none(), count, next, hasNext: false };
    }
    const most = Math.min(limit, STEP_ENTRIES);
    // One more than wanted tells whether something comes behind them.
    const found = this.#newest.all(start, until, before, most + 1) as unknown as readonly Newest[];
    const { entries, taken } = this.#taken(found.slice(0, most), what);
    const left = found[taken]?.[0];
    return { kind: 'past', entries, count: 0, next: left ?? next, hasNext: left !== undefined };
  }

  #oneOf({ what, limit, revision }: Step, key: string): Reply {
    const newest = this.#newestOf.get(key, (revision + 1) * SLOTS) as unknown as Newest | undefined;
    const found = newest && newest[2] > 0 ? [newest] : [];
    if (found.length > 0 && limit === 0 && what !== 'count')
      return { kind: 'past', entries: none(), count: 0, next: key, hasNext: true };
    const { entries } = what === 'count' ? { entries: none() } : this.#taken(found, what);
    return { kind: 'past', entries, count: found.length, next: `${key}\0`, hasNext: false };
  }

  /** As many as make up a step. */
  #taken(
    found: readonly Newest[],
    what: 'entries' | 'keys',
  ): { readonly entries: WireEntries; readonly taken: number } {
    const entries = new EntryColumns();
    for (const [key, id, created] of found) {
      if (entries.bytes >= STEP_BYTES) break;
      if (what === 'keys') entries.add([key, id, created, null, null, null]);
      else entries.add(checked(this.#row.get(id) as unknown as Row));
    }
    return { entries: entries.finish(), taken: entries.length };
  }
}

// A new one each time, as its buffer moves to the other thread.
const none = (): WireEntries => new EntryColumns().finish();
