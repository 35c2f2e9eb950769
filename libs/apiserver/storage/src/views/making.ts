import {
  CacheEntry,
  isLarge,
  isWide,
  jsonBytes,
  orderedBytesInSteps,
  paced,
  versionIn,
} from '@kubernest/apiserver/codec';
import type { Context } from '@kubernest/kit';
import type { KubeObject, Steps } from '@kubernest/meta';
import type { Resource } from '../catalog/resource.ts';
import { converted, failConversion, unlessAborted } from './convert.ts';

/** Of so much JSON objects are gathered to a step: below a millisecond. */
const BYTES_A_STEP = 16 * 1024;

type Keep = (entry: CacheEntry, view: CacheEntry) => void;

/**
 * One batch of entries that is put into another version, for all who ask meanwhile: it goes on as long as one of them is there, whoever began
 * it, and with none left it is given up.
 */
export class Making {
  readonly views = new Map<CacheEntry, CacheEntry>();
  readonly #over = new AbortController();
  readonly #done: Promise<void>;
  #askers = 0;
  #asksOthers = false;

  /** `ended`: it is done, has failed or was given up. */
  constructor(
    private readonly resource: Resource,
    readonly batch: readonly CacheEntry[],
    { keep, ended }: { readonly keep: Keep; readonly ended: () => void },
    ctx: Context,
  ) {
    this.#over.signal.addEventListener('abort', ended, { once: true });
    this.#done = this.#run(keep, { ...ctx, signal: this.#over.signal })
      .catch(failConversion)
      .finally(ended);
    this.#done.catch(() => {});
  }

  /** A converter of somebody's makes them: nobody here hears when it changes. */
  get asksOthers(): boolean {
    return this.#asksOthers;
  }

  /** Resolves when the views are there. Rejects as what makes them does, and when the asker is gone. */
  async join({ signal }: Context): Promise<void> {
    this.#askers++;
    try {
      await unlessAborted(this.#done, signal);
    } finally {
      if (--this.#askers === 0) this.#over.abort();
    }
  }

  async #run(keep: Keep, ctx: Context): Promise<void> {
    const { resource } = this;
    const objects = await paced(this.#prepared(ctx.signal));
    const answer = converted({ resource }, objects, ctx);
    this.#asksOthers = answer instanceof Promise;
    const made = await answer;
    await paced(this.#viewing({ from: objects, made, keep }, ctx.signal));
  }

  /** As the versions that they are stored in have them by now. */
  *#prepared(signal: AbortSignal): Steps<readonly KubeObject[]> {
    const { asDeclared } = this.resource.definition.storage!;
    const objects: KubeObject[] = [];
    const gathered = new Gathered();
    for (const entry of this.batch) {
      if (gathered.isDue(entry.bytes.length)) yield signal.throwIfAborted();
      const object = isLarge(entry.bytes.length) ? yield* entry.read() : entry.object;
      objects.push(asDeclared ? yield* asDeclared(object, true) : object);
    }
    return objects;
  }

  *#viewing({ from, made, keep }: Made, signal: AbortSignal): Steps<void> {
    const { asDeclared } = this.resource.definition.storage!;
    const gathered = new Gathered();
    for (const [i, entry] of this.batch.entries()) {
      if (gathered.isDue(entry.bytes.length)) yield signal.throwIfAborted();
      const object = made[i]!;
      const isNew = asDeclared && object !== from[i];
      const view = yield* viewOf(entry, isNew ? yield* asDeclared(object, this.resource.storesOwnVersion) : object);
      this.views.set(entry, view);
      keep(entry, view);
    }
  }
}

interface Made {
  readonly from: readonly KubeObject[];
  readonly made: readonly KubeObject[];
  readonly keep: Keep;
}

/** When enough small objects have come together for a step. */
class Gathered {
  #bytes = 0;

  isDue(bytes: number): boolean {
    this.#bytes += bytes;
    if (this.#bytes <= BYTES_A_STEP) return false;
    this.#bytes = bytes;
    return true;
  }
}

/** Bytes alone, which is what most ask for: what the converter gave may share parts with what it was given. */
export function* viewOf({ key, revision, bytes, namespace, name }: CacheEntry, object: KubeObject): Steps<CacheEntry> {
  const version = versionIn(bytes);
  // To list the fields of a very wide object is a step of its own.
  yield;
  const large = isLarge(bytes.length) || isWide(object);
  yield;
  const json = large ? yield* orderedBytesInSteps(object, version) : jsonBytes(object, version);
  return new CacheEntry({ key, revision, bytes: json, namespace, name });
}
