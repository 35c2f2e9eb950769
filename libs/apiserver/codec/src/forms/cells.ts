import type { Column } from '@kubernest/definitions';
import type { Steps } from '@kubernest/meta';
import type { CacheEntry } from '../entries/cache-entry.ts';

type Row = readonly unknown[];

/** What stands in the columns of a kind's rows. Cells hold ages, so they are made anew each time. */
export class Cells {
  /** Of large objects, from when they were last read. */
  readonly #made = new WeakMap<CacheEntry, Row>();

  constructor(
    readonly columns: readonly Column[],
    private readonly now: () => Date,
  ) {}

  of({ object }: CacheEntry): Row {
    const now = this.now();
    return this.columns.map((column) => column.cell(object, now));
  }

  /** Those of a large object, to be `made` from then on: it need not be read again for its row. */
  *making(entry: CacheEntry): Steps<void> {
    const object = yield* entry.read();
    yield;
    const now = this.now();
    const cells: unknown[] = [];
    for (const { cell } of this.columns) {
      cells.push(cell(object, now));
      yield;
    }
    this.#made.set(entry, cells);
  }

  made(entry: CacheEntry): Row {
    return this.#made.get(entry) ?? this.of(entry);
  }
}
