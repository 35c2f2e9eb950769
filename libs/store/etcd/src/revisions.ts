/**
 * Transactions committed together share one revision of etcd's. So that each keeps a revision of its own, ours say a key's place within
 * etcd's: `etcd's revision × PLACES + place of the key`. The place is made from the key alone, so every process, watch and list finds
 * the same without anything being stored. Changing it changes every resource version.
 */
export const PLACES = 4096;
const LAST = PLACES - 1;

/** FNV-1a over the UTF-16 units, folded. */
export function placeOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 12) ^ (hash >>> 24)) & LAST;
}

/** The revision of a write of `key`. */
export function revisionOf(etcdRevision: string | number, key: string): number {
  return Number(etcdRevision) * PLACES + placeOf(key);
}

/** The revision at which all of etcd's is there. */
export function endOf(etcdRevision: string | number): number {
  return Number(etcdRevision) * PLACES + LAST;
}

export function isEnd(revision: number): boolean {
  return revision % PLACES === LAST;
}

/** The revision of etcd's that `revision` belongs to. */
export function mainOf(revision: number): number {
  return Math.floor(revision / PLACES);
}

/** The newest revision of etcd's that is wholly there at `revision`. */
export function wholeOf(revision: number): number {
  return isEnd(revision) ? mainOf(revision) : mainOf(revision) - 1;
}
