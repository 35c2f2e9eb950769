import type { ApiServerParts, CatalogChange } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import { PastEntries } from './cache/past-entries.ts';
import { ResourceVersions } from './cache/resource-versions.ts';
import { WatchCache } from './cache/watch-cache.ts';
import { Resources } from './catalog/resources.ts';
import type { Engine } from './engine.ts';
import { Views } from './views/views.ts';
import { Endings } from './watch/endings.ts';
import { WatchHub } from './watch/watch-hub.ts';

/** 32 MB are some 8,000 changes of pods: two seconds of all that one server can write, minutes of a usual day. */
const HISTORY = { events: 10_000, bytes: 32 * 1024 * 1024 };
const BOOKMARK_EVERY_MS = 60_000;
const WATCH_EVENTS = {
  name: 'apiserver_watch_events_total',
  help: 'Number of events sent in watch clients.',
  labels: ['group', 'version', 'resource'],
};

/** Nothing is read before `startEngine`. */
export function createEngine({
  store,
  catalog,
  history,
  metrics,
}: Pick<ApiServerParts, 'store' | 'catalog' | 'history' | 'metrics'>): Engine {
  const versions = new ResourceVersions();
  const views = new Views();
  return {
    store,
    versions,
    cache: new WatchCache({ store, versions, history: { ...HISTORY, ...history } }),
    past: new PastEntries(store, versions),
    views,
    hub: new WatchHub(views),
    endings: new Endings(),
    resources: new Resources(catalog.current),
    watchEvents: metrics?.counter(WATCH_EVENTS),
  };
}

/** Watches of what is no longer served end, and its past is forgotten. */
export function followCatalog({ cache, hub, resources, views }: Engine, change: CatalogChange): void {
  const gone = resources.follow(change);
  cache.flush();
  if (gone.length === 0) return;
  views.drop(gone);
  hub.close(gone);
  for (const { prefix } of gone) if (!resources.stores(prefix)) cache.forget(prefix);
}

/** Resolves once the cache has what the store had; `done` settles after the signal. */
export async function startEngine(engine: Engine, ctx: Context): Promise<{ readonly done: Promise<unknown> }> {
  const { cache, hub } = engine;
  cache.onFlush = (prefix, events, over) => hub.publish({ prefix, events, over }, ctx);
  cache.onReset = () => hub.expireAll();
  const { done } = await cache.start(ctx);
  return { done: Promise.all([done, sendBookmarks(engine, ctx)]) };
}

/** Sends bookmarks to all watchers. Nobody watching means nothing to do but to look. */
async function sendBookmarks({ cache, hub }: Engine, ctx: Context): Promise<void> {
  while (!ctx.signal.aborted) {
    await ctx.clock.sleep(BOOKMARK_EVERY_MS, ctx.signal).catch(() => {});
    if (ctx.signal.aborted) return;
    // What is large may not have been delivered yet, and a bookmark says that it was.
    cache.flush();
    hub.bookmarkAll(cache.revision);
  }
}
