import type { FoundObject } from './controller.ts';

/** Values under a key, of which there is nearly always one: then it stands alone. */
class Multimap<V extends object> {
  readonly #values = new Map<string, V | Set<V>>();

  add(key: string, value: V): void {
    const found = this.#values.get(key);
    if (found === undefined) this.#values.set(key, value);
    else if (found instanceof Set) found.add(value);
    else if (found !== value) this.#values.set(key, new Set([found, value]));
  }

  delete(key: string, value: V): void {
    const found = this.#values.get(key);
    if (found === value) this.#values.delete(key);
    else if (found instanceof Set && found.delete(value) && found.size === 1) this.#values.set(key, [...found][0]!);
  }

  get(key: string): readonly V[] {
    const found = this.#values.get(key);
    if (found === undefined) return [];
    return found instanceof Set ? [...found] : [found];
  }
}

/**
 * Who has which uid and who names which owner, over all resources. A uid may be claimed by objects of several resources (an aggregated API
 * that shows another's objects as its own): each is known until its own resource has it no more.
 */
export class OwnershipIndex {
  readonly #byUid = new Multimap<FoundObject>();
  readonly #byOwner = new Multimap<FoundObject>();

  byUid(uid: string): FoundObject | undefined {
    return this.#byUid.get(uid)[0];
  }

  dependentsOf(ownerUid: string): readonly FoundObject[] {
    return this.#byOwner.get(ownerUid);
  }

  /** In the place of what its resource had under this uid. */
  put(found: FoundObject): void {
    this.delete(found);
    const { uid, ownerReferences = [] } = found.object.metadata;
    if (!uid) return;
    this.#byUid.add(uid, found);
    for (const owner of ownerReferences) this.#byOwner.add(owner.uid, found);
  }

  /** Whatever its resource has under this uid. */
  delete({ resource, object: { metadata } }: FoundObject): void {
    const old = metadata.uid && this.#byUid.get(metadata.uid).find((found) => found.resource === resource);
    if (!old) return;
    this.#byUid.delete(metadata.uid!, old);
    for (const owner of old.object.metadata.ownerReferences ?? []) this.#byOwner.delete(owner.uid, old);
  }
}
