import type { KubeObject } from '@kubernest/meta';

/**
 * What this controller wrote itself and the cache does not show yet: who was given a name a moment ago has it, whatever the cache says.
 * Kept until the cache shows it or something later.
 */
export class OwnWrites {
  readonly #written = new Map<string, KubeObject>();

  remember(object: KubeObject): void {
    this.#written.set(object.metadata.name!, object);
  }

  forget(name: string): void {
    this.#written.delete(name);
  }

  /** The later of both; one that was made again under the same name is another. */
  latest<T extends KubeObject>(cached: T): T {
    const name = cached.metadata.name!;
    const written = this.#written.get(name);
    if (!written) return cached;
    const isLater = Number(written.metadata.resourceVersion) > Number(cached.metadata.resourceVersion);
    if (isLater && written.metadata.uid === cached.metadata.uid) return written as T;
    this.#written.delete(name);
    return cached;
  }
}
