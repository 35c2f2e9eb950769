import type { CacheEntry } from '@kubernest/apiserver/codec';
import type { Context } from '@kubernest/kit';
import { conflict, type Subject, staleObject } from '@kubernest/meta';
import type { Entry } from '@kubernest/store/contract';
import { toCacheEntry } from '../cache/watch-cache.ts';
import type { Resource } from '../catalog/resource.ts';
import { cacheOf, type Engine } from '../engine.ts';
import type { Written } from './write-call.ts';

const ATTEMPTS = 100;

/** What one attempt came to. */
export type Outcome =
  | { readonly written: Written }
  /** There is nothing to write: so the object is already. */
  | { readonly unchanged: Written }
  /** Somebody was faster, and this is there now. */
  | { readonly present: Entry | undefined };

const missing = { unchanged: undefined } as const;

export interface Target {
  readonly resource: Resource;
  readonly key: string;
  readonly name: string;
  /** A changed object means 409 instead of another attempt. */
  readonly onlyOnce?: boolean | undefined;
}

/**
 * Optimistic concurrency: `attempt` works on what is stored, and is asked again when that changed meanwhile. It begins with what the cache
 * has, which may be behind: a refusal, and the finding that nothing changes, count only once the store has confirmed that it was the
 * newest; a write is compared and swapped by the store itself. Undefined where there is nothing to work on: any 404 that is thrown is
 * `attempt`'s own. Throws what `attempt` throws, 409 when it never ends.
 */
export async function optimistically(
  engine: Engine,
  { resource, key, name, onlyOnce = false }: Target,
  attempt: (base: CacheEntry) => Promise<Outcome>,
  ctx: Context,
): Promise<Written | undefined> {
  const subject: Subject = { ...resource.subject, name };
  let base = cacheOf(engine, resource).get(key);
  let confirmed = false;
  for (let attempts = 0; attempts < ATTEMPTS; attempts++) {
    const outcome = base ? await attempt(base).catch((error: unknown) => ({ error })) : missing;
    if ('written' in outcome) return outcome.written;
    if ('present' in outcome) {
      base = outcome.present && toCacheEntry(outcome.present, engine.versions);
      confirmed = true;
      if (onlyOnce && base) throw staleObject(subject);
      continue;
    }
    if (!confirmed) {
      const { entry } = await engine.store.get(key, ctx);
      confirmed = true;
      if (entry?.revision !== base?.revision) {
        base = entry && toCacheEntry(entry, engine.versions);
        continue;
      }
    }
    if ('error' in outcome) throw outcome.error;
    return outcome.unchanged;
  }
  throw conflict(subject, 'the object kept changing; please apply your changes to the latest version and try again');
}
