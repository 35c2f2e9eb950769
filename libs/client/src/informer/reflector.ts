import { type Context, isAborted, type Milliseconds } from '@kubernest/kit';
import {
  deepFreeze,
  isExpired,
  type KubeList,
  type KubeObject,
  paced,
  Rests,
  StatusError,
  type Steps,
  type WatchEvent,
} from '@kubernest/meta';
import type { ResourceClient } from '../client.ts';
import type { Retries } from './retries.ts';

export type ReflectorSource<T extends KubeObject> = Pick<ResourceClient<T>, 'list' | 'watch'>;

export interface ReflectorTarget<T> {
  /** Everything there is, at one revision; no event comes before all of it is taken. */
  replace(objects: readonly T[]): Steps<void>;
  changed(object: T): void;
  deleted(object: T): void;
}

export interface ReflectorOptions {
  readonly pageSize: number;
  readonly namespace?: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
  /** What is kept of an object; all of it unless given. */
  readonly kept?: <T extends KubeObject>(object: T) => T;
  readonly retries: Retries;
}

const whole = <T>(object: T): T => object;

/** A watch that the server ends sooner than this without a word is treated like a broken one. */
const SHORTEST_GOOD_WATCH: Milliseconds = 1_000;

/** Lists, then watches from there for as long as `ctx` lives. Resolves when it is aborted; never rejects. */
export async function reflect<T extends KubeObject>(
  source: ReflectorSource<T>,
  target: ReflectorTarget<T>,
  options: ReflectorOptions,
  ctx: Context,
): Promise<void> {
  const { retries } = options;
  let revision: string | undefined;
  while (!ctx.signal.aborted) {
    const startedAt = ctx.clock.monotonic();
    const before = revision;
    try {
      if (revision === undefined) {
        revision = await listAll(source, target, options, ctx);
        retries.forget();
        continue;
      }
      await follow(source, target, options, revision, (seen) => (revision = seen), ctx);
      if (revision !== before || ctx.clock.monotonic() - startedAt >= SHORTEST_GOOD_WATCH) retries.forget();
      else await retries.pause(ctx);
    } catch (error) {
      if (ctx.signal.aborted) return;
      if (revision !== before) retries.forget();
      // Any other refusal may mean that this revision is of no use here (restored store, other server): list again as well.
      if (error instanceof StatusError && error.code < 500 && error.code !== 429) revision = undefined;
      report(ctx, error, retries.failures);
      if (isExpired(error) && retries.failures === 0) retries.count();
      else await retries.pause(ctx);
    }
  }
}

/** Waiting for a server that starts is no news: the first failures are only told to those who debug. */
function report(ctx: Context, error: unknown, failures: number): void {
  if (isAborted(error) || isExpired(error)) return;
  if (failures === 4) ctx.log.warn('list or watch keeps failing', { error });
  else ctx.log.debug('list or watch failed', { error });
}

async function listAll<T extends KubeObject>(
  source: ReflectorSource<T>,
  target: ReflectorTarget<T>,
  options: ReflectorOptions,
  ctx: Context,
): Promise<string> {
  const objects: T[] = [];
  let page: KubeList<T> | undefined;
  const { namespace, fieldSelector, labelSelector, pageSize, kept = whole } = options;
  do {
    page = await source.list(
      { namespace, fieldSelector, labelSelector, limit: pageSize, continue: page?.metadata.continue },
      ctx,
    );
    await paced(take(page, kept, objects));
  } while (page.metadata.continue);
  await paced(target.replace(objects));
  return page.metadata.resourceVersion ?? '0';
}

/** A page may have as many objects as whoever answered likes. */
function* take<T extends KubeObject>(page: KubeList<T>, kept: (object: T) => T, into: T[]): Steps<void> {
  const rests = new Rests();
  for (const item of page.items) {
    if (rests.isDue()) yield;
    into.push(kept(frozenItem(item, page)));
  }
}

async function follow<T extends KubeObject>(
  source: ReflectorSource<T>,
  target: ReflectorTarget<T>,
  options: ReflectorOptions,
  from: string,
  saw: (revision: string) => void,
  ctx: Context,
): Promise<void> {
  const { namespace, fieldSelector, labelSelector, kept = whole } = options;
  const onEvent = (event: WatchEvent<T>): void => {
    const object = kept(deepFreeze(event.object));
    if (event.type === 'ADDED' || event.type === 'MODIFIED') target.changed(object);
    else if (event.type === 'DELETED') target.deleted(object);
    if (object.metadata.resourceVersion) saw(object.metadata.resourceVersion);
  };
  await source.watch(
    { namespace, fieldSelector, labelSelector, resourceVersion: from, allowBookmarks: true },
    onEvent,
    ctx,
  );
}

/** compat: items of a typed list carry no apiVersion and kind; whoever reads an informer needs both. */
function frozenItem<T extends KubeObject>(item: T, page: KubeList<T>): T {
  if (item.kind !== undefined && item.apiVersion !== undefined) return deepFreeze(item);
  const kind = page.kind?.replace(/List$/, '');
  return deepFreeze({ apiVersion: page.apiVersion, kind, ...item });
}
