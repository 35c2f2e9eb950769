import type { OwnerReference } from '@kubernest/meta';

/** As many as one object can hold, roughly. */
const KEPT = 10_000;

/**
 * Owners that the server said are not there, so that thousands of dependents of one owner ask once. An owner is known by all that names
 * it: a uid never comes back, but the same uid under the right name may well be there.
 */
export class AbsentOwners {
  readonly #known = new Set<string>();

  has(owner: OwnerReference, namespace: string | undefined): boolean {
    return this.#known.has(keyOf(owner, namespace));
  }

  /** The longest known is forgotten when there are too many. */
  add(owner: OwnerReference, namespace: string | undefined): void {
    const key = keyOf(owner, namespace);
    this.#known.delete(key);
    this.#known.add(key);
    if (this.#known.size <= KEPT) return;
    const [oldest] = this.#known;
    this.#known.delete(oldest!);
  }
}

/** All that names an owner. */
export const keyOf = ({ apiVersion, kind, name, uid }: OwnerReference, namespace: string | undefined): string =>
  JSON.stringify([apiVersion, kind, namespace ?? '', name, uid]);
