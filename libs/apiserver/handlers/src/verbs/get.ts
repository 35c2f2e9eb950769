import type { CacheEntry } from '@kubernest/apiserver/codec';
import { cacheOf, type Engine, type Resource } from '@kubernest/apiserver/storage';
import type { Context } from '@kubernest/kit';
import { notFound, onceDone, StatusError } from '@kubernest/meta';

const WAIT_FOR_VERSION_MS = 3000;

/** Waits until the cache may answer for `resourceVersion`: '' is as of now, '0' anything, N not older than N. No promise where it may already. */
export function reach(engine: Engine, resourceVersion: string, ctx: Context): Promise<void> | void {
  if (resourceVersion === '0') return;
  if (resourceVersion === '') return engine.cache.freshness.current(ctx);
  const revision = engine.versions.parse(resourceVersion);
  if (revision > engine.cache.revision) return reachRevision(engine, revision, ctx);
}

async function reachRevision(engine: Engine, revision: number, ctx: Context): Promise<void> {
  const late = new AbortController();
  const cancel = ctx.clock.after(WAIT_FOR_VERSION_MS, () => late.abort(tooLargeVersion(engine, revision)));
  try {
    await engine.cache.freshness.until(revision, { signal: AbortSignal.any([ctx.signal, late.signal]) });
  } finally {
    cancel();
  }
}

function tooLargeVersion(engine: Engine, revision: number): StatusError {
  const { versions, cache } = engine;
  const why = `Too large resource version: ${versions.format(revision)}, current: ${versions.format(cache.revision)}`;
  return new StatusError(504, 'Timeout', `Timeout: ${why}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

export interface GetTarget {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly name: string;
}

export function getEntry(
  engine: Engine,
  { resource, namespace, name }: GetTarget,
  resourceVersion: string,
  ctx: Context,
): CacheEntry | Promise<CacheEntry> {
  return onceDone(reach(engine, resourceVersion, ctx), () => {
    const entry = cacheOf(engine, resource).get(resource.key(namespace, name));
    if (!entry) throw notFound({ ...resource.subject, name });
    return entry;
  });
}
