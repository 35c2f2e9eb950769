import { type CacheEntry, paced } from '@kubernest/apiserver/codec';
import {
  BATCH,
  cacheOf,
  candidates,
  type Engine,
  type PastRange,
  type Resource,
  type ResourceSelection,
} from '@kubernest/apiserver/storage';
import type { Context } from '@kubernest/kit';
import { badRequest, expired, type ListMeta } from '@kubernest/meta';
import { CompactedError } from '@kubernest/store/contract';
import { decodeContinue, ExpiredContinueError, encodeContinue } from './continue-token.ts';
import { reach } from './get.ts';
import { checkListQuery, type ListQuery } from './list-options.ts';

const STORE_PAGE = 500;
const TOO_OLD = 'The resourceVersion for the provided list is too old.';

export interface Page {
  readonly entries: readonly CacheEntry[];
  readonly meta: ListMeta;
}

export interface ListOrder {
  readonly resource: Resource;
  readonly selection: ResourceSelection;
  readonly query: ListQuery;
}

/** One page (or all) of a resource as of one revision. */
export async function listPage(engine: Engine, order: ListOrder, ctx: Context): Promise<Page> {
  const { query } = order;
  checkListQuery(query);
  const list = new Lister(engine, order, ctx);
  if (query.continue !== '') return list.nextPage();
  if (query.resourceVersionMatch === 'Exact') {
    const revision = engine.versions.parse(query.resourceVersion);
    await reach(engine, query.resourceVersion, ctx);
    return list.at(revision, undefined);
  }
  await reach(engine, query.resourceVersion, ctx);
  return list.fromCache(engine.cache.revision, undefined);
}

/** compat: of any version there are no pages, as the cache answers at once; what expires soon is not cached. 0: none. */
const limitOf = ({ limit, resourceVersion }: ListQuery, { definition }: Resource): number =>
  resourceVersion === '0' && definition.ttlSeconds === undefined ? 0 : limit;

class Lister {
  private readonly resource: Resource;
  private readonly selection: ResourceSelection;
  private readonly query: ListQuery;
  readonly #limit: number;

  constructor(
    private readonly engine: Engine,
    { resource, selection, query }: ListOrder,
    private readonly ctx: Context,
  ) {
    this.resource = resource;
    this.selection = selection;
    this.query = query;
    this.#limit = limitOf(query, resource);
  }

  /** The page after the one whose token was sent: of the same revision. */
  async nextPage(): Promise<Page> {
    const { resourceVersion } = this.query;
    if (resourceVersion !== '' && resourceVersion !== '0') {
      throw badRequest('specifying resource version is not allowed when using continue');
    }
    const token = decodeContinue(this.query.continue);
    const after = this.resource.prefix + token.after;
    if (token.rv < 0) {
      await reach(this.engine, '', this.ctx);
      return this.fromCache(this.engine.cache.revision, after);
    }
    try {
      return await this.at(this.engine.versions.parse(String(token.rv)), after);
    } catch (error) {
      throw error instanceof CompactedError || (error as { code?: number }).code === 410
        ? new ExpiredContinueError(token)
        : error;
    }
  }

  /** As of `revision`: from the cache while nothing changed since or it remembers what did, else from the store's past. */
  async at(revision: number, after: string | undefined): Promise<Page> {
    if (revision <= 0) throw expired(TOO_OLD);
    if (this.selection.isEmpty) return this.#page([], revision, 0);
    const cache = cacheOf(this.engine, this.resource);
    const isReached = revision <= this.engine.cache.revision;
    if (isReached && cache.lastChange <= revision) return this.fromCache(revision, after);
    try {
      return await this.#fromPast({ cache, prefix: this.selection.keyPrefix, after, revision }, isReached);
    } catch (error) {
      if (error instanceof CompactedError && after === undefined) throw expired(TOO_OLD);
      throw error;
    }
  }

  fromCache(revision: number, after: string | undefined): Promise<Page> {
    // Taken in one turn, so that it is one revision; what follows may take its time.
    return this.#among(candidates(cacheOf(this.engine, this.resource), this.selection, after), revision);
  }

  async #among(range: readonly CacheEntry[], revision: number): Promise<Page> {
    const limit = this.#limit;
    if (this.selection.unfiltered) {
      const entries = limit > 0 && range.length > limit ? range.slice(0, limit) : range;
      return this.#page(entries, revision, range.length - entries.length);
    }
    // One more than wanted tells whether there are others behind.
    const found = await this.#first(range, limit > 0 ? limit + 1 : Number.POSITIVE_INFINITY);
    const more = limit > 0 && found.length > limit;
    return this.#page(more ? found.slice(0, limit) : found, revision, more ? 1 : 0);
  }

  async #fromPast(range: PastRange, isReached: boolean): Promise<Page> {
    const { past } = this.engine;
    const { onlyKey } = this.selection;
    const { revision, after = '' } = range;
    if (onlyKey !== undefined)
      return this.#among(onlyKey > after ? await past.only(onlyKey, range, this.ctx) : [], revision);
    const remembered = isReached ? await past.remembered(range, this.ctx) : undefined;
    return remembered ? this.#among(remembered, revision) : this.#fromStore(range);
  }

  /** compat: of what is filtered each read is twice as long as the one before, until the page is full. */
  async #fromStore(range: PastRange): Promise<Page> {
    const { past } = this.engine;
    const { unfiltered } = this.selection;
    const limit = this.#limit || Number.POSITIVE_INFINITY;
    const entries: CacheEntry[] = [];
    let { after } = range;
    for (let reads = limit; ; reads *= 2) {
      const wanted = limit - entries.length;
      const asked = Math.min(unfiltered ? wanted : reads, STORE_PAGE);
      const page = await past.page({ ...range, after }, asked, this.ctx);
      const found = await this.#first(page.entries, wanted);
      entries.push(...found);
      after = page.entries.at(-1)?.key;
      if (found.length === wanted) {
        const { key } = found.at(-1)!;
        const more = page.more || key !== after;
        const left = more && unfiltered ? await past.count({ ...range, after: key }, this.ctx) : Number(more);
        return this.#page(entries, range.revision, left);
      }
      if (!page.more || after === undefined) return this.#page(entries, range.revision, 0);
    }
  }

  /** The first that are selected. What is selected by more than metadata comes in the version of this resource. */
  async #first(range: readonly CacheEntry[], wanted: number): Promise<readonly CacheEntry[]> {
    const { resource, selection, engine, ctx } = this;
    if (!selection.readsVersion || resource.definition.storage === undefined)
      return paced(selection.first(range, wanted));
    const found: CacheEntry[] = [];
    for (let at = 0; at < range.length && found.length < wanted; at += BATCH) {
      const views = await engine.views.all(resource, range.slice(at, at + BATCH), ctx);
      found.push(...(await paced(selection.first(views, wanted - found.length))));
    }
    return found;
  }

  #page(entries: readonly CacheEntry[], revision: number, remaining: number): Page {
    const resourceVersion = this.engine.versions.format(revision);
    if (remaining <= 0) return { entries, meta: { resourceVersion } };
    const after = entries.at(-1)!.key.slice(this.resource.prefix.length);
    return {
      entries,
      meta: {
        resourceVersion,
        continue: encodeContinue({ rv: Number(resourceVersion), after }),
        ...(this.selection.unfiltered ? { remainingItemCount: remaining } : {}),
      },
    };
  }
}
