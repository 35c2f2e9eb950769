import type { Pod } from '@kubernest/kinds';
import type { Milliseconds } from '@kubernest/kit';

/** A write whose echo never came by then was lost with a watch: the cache has been listed anew since. */
const FORGET_AFTER: Milliseconds = 300_000;

/** What the cache did not show at one moment. */
export interface Unseen {
  /** Names of pods that were made. */
  readonly made: ReadonlySet<string>;
  /** Uids of pods that were deleted. */
  readonly deleted: ReadonlySet<string>;
}

/**
 * What this process did to pods and the cache does not show yet. Counted as if it were there, so that a stale cache neither makes
 * a pod twice nor deletes one more. Names are chosen before the call, so that an answer that got lost counts, too.
 */
export class UnseenWrites {
  readonly #made = new Map<string, Map<string, Milliseconds>>();
  readonly #deleted = new Map<string, Milliseconds>();

  /** False, and nothing is noted, where another write has that name: its mark is not this one's to take back. */
  made(owner: string, podName: string, now: Milliseconds): boolean {
    const names = this.#made.get(owner) ?? new Map<string, Milliseconds>();
    if (names.has(podName)) return false;
    this.#made.set(owner, names.set(podName, now));
    return true;
  }

  /** The call was refused: there is no such pod. */
  notMade(owner: string, podName: string): void {
    this.#made.get(owner)?.delete(podName);
  }

  deleted(uid: string, now: Milliseconds): void {
    this.#deleted.set(uid, now);
  }

  notDeleted(uid: string): void {
    this.#deleted.delete(uid);
  }

  /** The cache told of this pod, in whatever state. */
  saw(owner: string, pod: Pod): void {
    const names = this.#made.get(owner);
    if (names?.delete(pod.metadata.name!) && names.size === 0) this.#made.delete(owner);
    if (pod.metadata.deletionTimestamp) this.#deleted.delete(pod.metadata.uid!);
  }

  /** As it stands now: to be taken together with what the cache shows, as both go on while that is looked through. */
  asOf(owner: string, now: Milliseconds): Unseen {
    const names = this.#made.get(owner);
    for (const written of names ? [names, this.#deleted] : [this.#deleted])
      for (const [name, at] of written) if (now - at > FORGET_AFTER) written.delete(name);
    return { made: new Set(names?.keys()), deleted: new Set(this.#deleted.keys()) };
  }

  forgetOwner(owner: string): void {
    this.#made.delete(owner);
  }
}
