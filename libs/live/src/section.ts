import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '@kubernest/meta';
import type { Row, SectionCounts, SectionDelta, SectionState } from './view.ts';

/** Where a section's rows come from at this moment. */
export interface SectionSource<R extends Row> {
  readonly state: SectionState;
  readonly message: string | undefined;
  rows(): readonly R[];
}

export interface SectionWindow<R extends Row> {
  readonly limit: number;
  readonly before: (a: R, b: R) => number;
  /** Figures about all rows. */
  readonly count?: (rows: readonly R[]) => SectionCounts;
}

/** The window of rows that viewers have, and the difference to what there is now. */
export class Section<R extends Row> {
  #shown = new Map<string, R>();
  #state: SectionState = 'loading';
  #message: string | undefined;
  #total = 0;
  #counts: SectionCounts = {};

  constructor(
    private readonly source: SectionSource<R>,
    private readonly window: SectionWindow<R>,
  ) {}

  /** Everything, for who comes new. */
  whole(): SectionDelta<R> {
    return this.#delta([...this.#shown.values()], [], true);
  }

  /** What changed since the last call; undefined when nothing did. Rows are compared by identity: see `memoRow`. */
  next(): SectionDelta<R> | undefined {
    const { state, message } = this.source;
    const all = state === 'ready' ? this.source.rows() : [];
    const { limit, before, count } = this.window;
    const counts = count?.(all) ?? {};
    const rows = all.length <= limit ? all : [...all].sort(before).slice(0, limit);
    const shown = new Map(rows.map((row) => [row.key, row]));
    const set = rows.filter((row) => this.#shown.get(row.key) !== row);
    const removed = [...this.#shown.keys()].filter((key) => !shown.has(key));
    const same =
      state === this.#state &&
      message === this.#message &&
      all.length === this.#total &&
      isDeepStrictEqual(counts, this.#counts) &&
      !set.length &&
      !removed.length;
    this.#shown = shown;
    this.#state = state;
    this.#message = message;
    this.#total = all.length;
    this.#counts = counts;
    return same ? undefined : this.#delta(set, removed, false);
  }

  #delta(set: readonly R[], removed: readonly string[], reset: boolean): SectionDelta<R> {
    return {
      state: this.#state,
      ...(this.#message ? { message: this.#message } : {}),
      total: this.#total,
      counts: this.#counts,
      ...(reset ? { reset } : {}),
      set,
      removed,
    };
  }
}

/** Objects from a cache never change, so a row is made once per object. */
export function memoRow<T extends KubeObject, R>(make: (object: T) => R): (object: T) => R {
  const made = new WeakMap<T, { readonly row: R }>();
  return (object) => {
    const known = made.get(object);
    if (known) return known.row;
    const row = make(object);
    made.set(object, { row });
    return row;
  };
}
