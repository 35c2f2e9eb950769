import type { Entry, ListOptions, ListResult } from '@kubernest/store/contract';
import { mainOf, revisionOf } from './revisions.ts';

/** The revision of etcd's at which `key` is as it was at `revision`: its own place says whether it had been written by then. */
export function etcdRevisionFor(key: string, revision: number): number {
  const main = mainOf(revision);
  return Math.max(1, revisionOf(main, key) <= revision ? main : main - 1);
}

/** A list between two transactions that etcd committed together, from the lists `before` and `after` all of them. */
export function pageBetween(
  before: readonly Entry[],
  after: readonly Entry[],
  { limit, countOnly, revision }: ListOptions & { readonly revision: number },
): ListResult {
  const main = mainOf(revision);
  const written = (entry: Entry): boolean => revisionOf(main, entry.key) <= revision;
  const all = [...before.filter((entry) => !written(entry)), ...after.filter(written)];
  const bytes = new Map(all.map((entry) => [entry, Buffer.from(entry.key)]));
  all.sort((a, b) => Buffer.compare(bytes.get(a)!, bytes.get(b)!));
  const entries = countOnly ? [] : all.slice(0, limit);
  return { entries, revision, remaining: all.length - entries.length };
}
