import { type Cell, type Column, type Looks, looksOfAnswer, MOST_CELL, rowOf } from '@kubernest/definitions';
import type { Steps } from '@kubernest/meta';
import type { CacheEntry } from '../entries/cache-entry.ts';

type Row = readonly Cell[];

/** All texts of a row together, where there are very many columns. */
const MOST_ROW = 256 * 1024;
/** Enough for a name. */
const LEAST_CELL = 64;

/** What stands in the columns of a kind's rows. Cells hold ages, so they are made anew each time. */
export class Cells {
  /** Of those that take long, from when they were last read. */
  readonly #made = new WeakMap<CacheEntry, Row>();
  /** To make a cell takes long of small objects, too. */
  readonly isDear: boolean;
  readonly #most: number;

  constructor(
    readonly columns: readonly Column[],
    private readonly now: () => Date,
  ) {
    this.isDear = columns.some(({ making }) => making !== undefined);
    this.#most = Math.min(MOST_CELL, Math.max(LEAST_CELL, Math.floor(MOST_ROW / Math.max(1, columns.length))));
  }

  #of({ object }: CacheEntry): Row {
    const now = this.now();
    return this.columns.map((column) => this.#shown(column.cell(object, now)));
  }

  /** Those to be `made` from then on: of a large object, which need not be read again for its row, and where cells are dear. */
  *making(entry: CacheEntry, answer: Looks = looksOfAnswer()): Steps<void> {
    const object = yield* entry.read();
    yield;
    const now = this.now();
    const row = rowOf(answer);
    const given = row.left;
    const cells: Cell[] = [];
    for (const column of this.columns) {
      const cell = column.making ? yield* column.making(object, now, row) : column.cell(object, now);
      cells.push(this.#shown(cell));
      yield;
    }
    answer.left -= given - row.left;
    this.#made.set(entry, cells);
  }

  made(entry: CacheEntry): Row {
    return this.#made.get(entry) ?? this.#of(entry);
  }

  #shown(cell: Cell): Cell {
    return typeof cell === 'string' && cell.length > this.#most ? `${beginning(cell, this.#most)}...` : cell;
  }
}

/** A copy: what is sliced from a text holds all of it. */
const beginning = (text: string, length: number): string => Buffer.from(text.slice(0, length)).toString();
