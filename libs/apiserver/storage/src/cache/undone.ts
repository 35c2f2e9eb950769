import type { CacheEntry } from '@kubernest/apiserver/codec';
import type { Steps } from '@kubernest/meta';
import type { CacheEvent } from './resource-cache.ts';

const A_STEP = 1024;

/** `range` as it was before `events`, which are in their order: the very entries that were there then. */
export function* undone(range: readonly CacheEntry[], events: Iterable<CacheEvent>): Steps<readonly CacheEntry[]> {
  const before = new Map<string, CacheEntry | undefined>();
  for (const { entry, old } of events) if (!before.has(entry.key)) before.set(entry.key, old);
  if (before.size === 0) return range;
  yield;
  const kept: CacheEntry[] = [];
  for (const [i, entry] of range.entries()) {
    if (i % A_STEP === A_STEP - 1) yield;
    if (!before.has(entry.key)) kept.push(entry);
    else {
      const old = before.get(entry.key);
      if (old) kept.push(old);
      before.delete(entry.key);
    }
  }
  yield;
  const gone = [...before.values()].filter((old) => old !== undefined).sort((a, b) => (a.key < b.key ? -1 : 1));
  return gone.length === 0 ? kept : yield* merged(kept, gone);
}

/** Both are in key order and have no key in common. */
function* merged(some: readonly CacheEntry[], others: readonly CacheEntry[]): Steps<readonly CacheEntry[]> {
  const all: CacheEntry[] = [];
  let at = 0;
  for (const [i, other] of others.entries()) {
    if (i % A_STEP === A_STEP - 1) yield;
    for (; at < some.length && some[at]!.key < other.key; at++) all.push(some[at]!);
    all.push(other);
  }
  for (; at < some.length; at++) all.push(some[at]!);
  return all;
}
