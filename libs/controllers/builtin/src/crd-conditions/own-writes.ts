import type { KubeObject } from '@kubernest/meta';

/**
 * What this controller wrote itself and the cache does not show yet: who was given a name a moment ago has it, whatever the cache says.
 * Kept until the cache shows it or something later.
 */
export class OwnWrites {
  readonly #underway = new Map<string, KubeObject>();
  readonly #written = new Map<string, KubeObject>();

  /** `send` writes `wanted`. Of one name one at a time. */
  async write<T extends KubeObject>(wanted: T, send: () => Promise<T>): Promise<void> {
    const name = wanted.metadata.name!;
    this.#underway.set(name, wanted);
    try {
      this.#written.set(name, await send());
    } finally {
      this.#underway.delete(name);
    }
  }

  forget(name: string): void {
    this.#written.delete(name);
  }

  /** The later of both; one that was made again under the same name is another. */
  latest<T extends KubeObject>(cached: T): T {
    const name = cached.metadata.name!;
    const written = this.#written.get(name);
    // What was written may be asked about again before the cache shows it.
    if (!written || written === cached) return cached;
    const isLater = Number(written.metadata.resourceVersion) > Number(cached.metadata.resourceVersion);
    if (isLater && written.metadata.uid === cached.metadata.uid) return written as T;
    this.#written.delete(name);
    return cached;
  }

  /** All that may be true of it: the latest, and what a write makes of it that is on its way and may still fail. */
  possible<T extends KubeObject>(cached: T): readonly T[] {
    const underway = this.#underway.get(cached.metadata.name!) as T | undefined;
    const latest = this.latest(cached);
    return underway ? [latest, underway] : [latest];
  }
}
