import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Request, WireOutcome, WireTransaction } from '../protocol.ts';
import { EntryColumns } from './entries.ts';
import { checked, checksumOf, OF_CURRENT, type Row, type RowContent } from './rows.ts';
import { lastRevision, SLOTS } from './schema.ts';

interface CurrentRow {
  readonly id: number;
  readonly create_revision: number;
}

const EXPIRED_AT_ONCE = 1000;
/** A batch is stamped when it is sent, a moment before its writes: this keeps expiry from being early. */
const EXPIRY_SLACK = 250;
const decoder = new TextDecoder();

/** Checks and applies transactions inside the one open SQL transaction, so that nothing can come between. */
export class Writer {
  revision = 0;
  readonly #current: StatementSync;
  readonly #whole: StatementSync;
  readonly #append: StatementSync;
  readonly #set: StatementSync;
  readonly #unset: StatementSync;
  readonly #expired: StatementSync;
  readonly #nextExpiry: StatementSync;
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#current = db.prepare('SELECT id, create_revision FROM current WHERE key = ?');
    this.#whole = db.prepare(`SELECT ${OF_CURRENT} FROM current c LEFT JOIN log l USING (id) WHERE c.key = ?`);
    this.#append = db.prepare(
      'INSERT INTO log (key, id, create_revision, expires_at, value, checksum, previous) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#set = db.prepare('INSERT OR REPLACE INTO current (key, id, create_revision, expires_at) VALUES (?, ?, ?, ?)');
    this.#unset = db.prepare('DELETE FROM current WHERE key = ?');
    this.#expired = db.prepare(`SELECT ${OF_CURRENT} FROM current c LEFT JOIN log l USING (id)
      WHERE c.expires_at <= ? ORDER BY c.expires_at LIMIT ?`);
    for (const statement of [this.#whole, this.#expired]) statement.setReturnArrays(true);
    this.#nextExpiry = db.prepare('SELECT min(expires_at) AS at FROM current WHERE expires_at IS NOT NULL');
    this.reload();
  }

  /** Takes the revision from the data: at start, and when a commit failed. */
  reload(): void {
    this.revision = lastRevision(this.#db);
  }

  nextExpiry(): number | undefined {
    return (this.#nextExpiry.get() as { at: number | null }).at ?? undefined;
  }

  commit({ transactions, values, now }: Extract<Request, { kind: 'commit' }>): WireOutcome[] {
    const outcomes: WireOutcome[] = [];
    let offset = 0;
    this.#db.exec('BEGIN IMMEDIATE');
    for (const transaction of transactions) {
      outcomes.push(this.#refuse(transaction) ?? this.#apply(transaction, values, offset, now));
      for (const write of transaction.writes) offset += Math.max(0, write.size);
    }
    this.#db.exec('COMMIT');
    return outcomes;
  }

  /** Deletes what is due, each key under a revision of its own, and says which keys those were. */
  expire(now: number): string[] {
    this.#db.exec('BEGIN IMMEDIATE');
    const rows = this.#expired.all(now, EXPIRED_AT_ONCE) as unknown as Row[];
    const keys = rows.map((row) => checked(row)[0]);
    for (const key of keys) {
      this.revision++;
      this.#delete(key, 0);
    }
    this.#db.exec('COMMIT');
    return keys;
  }

  #refuse({ conditions, fence }: WireTransaction): WireOutcome | undefined {
    if (fence) {
      const row = this.#find(fence.key) && this.#read(fence.key);
      const found = row && decoder.decode(row[4]!);
      if (found !== fence.token) return { kind: 'fenced', found };
    }
    let differing: EntryColumns | undefined;
    for (const { key, revision } of conditions) {
      const row = this.#find(key);
      if ((row ? Math.floor(row.id / SLOTS) : 0) === revision) continue;
      differing ??= new EntryColumns();
      differing.add(row ? this.#read(key) : [key, 0, 0, null, null, null]);
    }
    if (!differing) return undefined;
    const entries = differing.finish();
    return { kind: 'differs', revision: this.revision, keys: entries.keys, entries };
  }

  #apply({ writes }: WireTransaction, values: Uint8Array, start: number, now: number): WireOutcome {
    const revision = this.revision + 1;
    const created: number[] = [];
    let offset = start;
    let written = 0;
    this.revision = revision;
    for (const { key, size, expiresInSeconds } of writes) {
      if (size < 0) {
        created.push(this.#delete(key, written));
      } else {
        const expiresAt =
          expiresInSeconds === undefined ? null : Math.ceil(now + expiresInSeconds * 1000) + EXPIRY_SLACK;
        created.push(this.#put(key, written, values.subarray(offset, offset + size), expiresAt));
        offset += size;
      }
      if (created.at(-1) !== 0) written++;
    }
    if (written === 0) this.revision = revision - 1;
    return { kind: 'ok', revision: this.revision, created };
  }

  #put(key: string, position: number, value: Uint8Array, expiresAt: number | null): number {
    const before = this.#find(key);
    const created = before?.create_revision ?? this.revision;
    const id = this.revision * SLOTS + position;
    this.#log([key, id, created, expiresAt, value], before);
    this.#set.run(key, id, created, expiresAt);
    return created;
  }

  #delete(key: string, position: number): number {
    const before = this.#find(key);
    if (!before) return 0;
    this.#log([key, this.revision * SLOTS + position, 0, null, null], before);
    this.#unset.run(key);
    return before.create_revision;
  }

  #log(row: RowContent, before: CurrentRow | undefined): void {
    this.#append.run(...row, checksumOf(row), before?.id ?? null);
  }

  #find(key: string): CurrentRow | undefined {
    return this.#current.get(key) as unknown as CurrentRow | undefined;
  }

  #read(key: string): Row {
    return checked(this.#whole.get(key) as unknown as Row);
  }
}
