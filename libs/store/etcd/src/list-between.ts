import type { Entry, ListOptions, ListResult } from '@kubernest/store/contract';
import { isWritten, mergeBetween, type Range } from './past.ts';
import { mainOf } from './revisions.ts';

export interface RangeQuery {
  /** Only keys above this one. */
  readonly after: string | undefined;
  /** etcd's revision. */
  readonly at: number;
  /** At most so many entries; absent: all. */
  readonly limit?: number;
  /** Entries come without their values. */
  readonly keysOnly?: boolean;
  /** Only what was created at that revision or later. */
  readonly createdSince?: number;
}

/** Of so many keys one is there still, as a rule. */
const FEW = 16;

/** Reads what one prefix holds. */
export type ReadRange = (query: RangeQuery) => Promise<Range<Entry>>;

/**
 * A list as of between two transactions that etcd committed together. It reads no more than its page, on both sides of all of them, and
 * counts the rest.
 */
export class ListBetween {
  readonly #main: number;

  constructor(
    private readonly read: ReadRange,
    private readonly revision: number,
    private readonly pageSize: number,
  ) {
    this.#main = mainOf(revision);
  }

  async list({
    limit = Number.POSITIVE_INFINITY,
    after,
    countOnly,
    keysOnly = false,
    ...how
  }: ListOptions): Promise<ListResult> {
    const { revision } = this;
    if (countOnly || limit === 0) return { entries: [], revision, remaining: await this.#count(after) };
    const entries: Entry[] = [];
    let from = after;
    do {
      const page = await this.#merged(from, { limit: Math.min(this.pageSize, limit - entries.length), keysOnly });
      entries.push(...page.entries);
      from = page.upTo;
    } while (from !== undefined && entries.length < limit);
    const taken = entries.slice(0, limit);
    const isAll = from === undefined && taken.length === entries.length;
    return { entries: taken, revision, remaining: isAll ? 0 : await this.#rest(taken.at(-1)!.key, how) };
  }

  /** Of what comes behind `after`, where something may come. */
  async #rest(after: string, { uncounted }: Pick<ListOptions, 'uncounted'>): Promise<number> {
    if (!uncounted) return this.#count(after);
    for (let from: string | undefined = after; from !== undefined; ) {
      const { entries, upTo } = await this.#merged(from, { limit: FEW, keysOnly: true });
      if (entries.length > 0) return 1;
      from = upTo;
    }
    return 0;
  }

  async #count(after: string | undefined): Promise<number> {
    const [before, now, created] = await Promise.all([
      this.read({ after, at: this.#before, limit: 1, keysOnly: true }),
      this.read({ after, at: this.#main, limit: 1, keysOnly: true }),
      this.read({ after, at: this.#main, createdSince: this.#main, keysOnly: true }),
    ]);
    const isNoneDeleted = before.count === now.count - created.entries.length;
    if (isNoneDeleted) return now.count - created.entries.filter(({ key }) => !isWritten(key, this.revision)).length;
    // Which are deleted, and when, is known only by their keys.
    return (await this.#merged(after, { keysOnly: true })).entries.length;
  }

  async #merged(after: string | undefined, how: Pick<RangeQuery, 'limit' | 'keysOnly'>) {
    const [before, now] = await Promise.all([
      this.read({ ...how, after, at: this.#before }),
      this.read({ ...how, after, at: this.#main }),
    ]);
    return mergeBetween(before, now, this.revision);
  }

  get #before(): number {
    return Math.max(1, this.#main - 1);
  }
}
