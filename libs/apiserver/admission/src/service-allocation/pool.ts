import type { Context } from '@kubernest/kit';
import type { Store } from '@kubernest/store/contract';
import { type NumberRange, pickFree } from './ranges.ts';

export interface Pool {
  /** compat: only then do two protocols of one port share a node port by themselves, and may two ports not ask for the same. */
  readonly isNew: boolean;
  readonly before: ReadonlySet<string>;
  readonly taken: ReadonlySet<string>;
  readonly store: Store;
  readonly addresses: NumberRange;
  readonly nodePorts: NumberRange;
  /** Where node ports that nobody asked for come from, in this order. */
  readonly handedOut: readonly NumberRange[];
}

export interface Wanted {
  /** Tried in this order. */
  readonly ranges: readonly NumberRange[];
  /** All the keys one of which says that a number is somebody's. */
  readonly keysOf: (value: number) => readonly string[];
  /** Numbers that are for others, though free. */
  readonly kept: (value: number) => boolean;
}

/** Looks into the store before a number is taken, so that a key of a process that died is passed over and not fought for. */
export async function pickUnclaimed(pool: Pool, { ranges, keysOf, kept }: Wanted, ctx: Context) {
  const seen = new Set<number>();
  for (;;) {
    const value = pickFree(
      ranges,
      (each) => seen.has(each) || kept(each) || keysOf(each).some((key) => pool.taken.has(key)),
    );
    if (value === undefined || !(await isTaken(pool, keysOf(value), ctx))) return value;
    seen.add(value);
  }
}

/** Whether any of these keys is somebody's, and not the Service's own. */
export async function isTaken(pool: Pool, keys: readonly string[], ctx: Context): Promise<boolean> {
  for (const key of keys)
    if (!pool.before.has(key) && (await pool.store.get(key, ctx)).entry !== undefined) return true;
  return false;
}
