import { type CacheEntry, paced } from '@kubernest/apiserver/codec';
import type { Context, Milliseconds } from '@kubernest/kit';
import { atOnce, type KubeObject, Rests } from '@kubernest/meta';
import type { Resource } from '../catalog/resource.ts';
import { converted } from './convert.ts';
import { type Converting, finished } from './converting.ts';
import { frozenCopy } from './frozen-copy.ts';
import { Making, viewOf } from './making.ts';

/** So much JSON is kept in other versions than the stored one: some 10,000 objects, a list of which is then made once for all who ask. */
const KEPT_BYTES = 32 * 1024 * 1024;
/** So many a converter is given at once, and no more than so much JSON unless one object is. */
export const BATCH = 500;
const BATCH_BYTES = 4 * 1024 * 1024;
/** What somebody else's converter said is shown for so long: it may have been mended or gone meanwhile, of which nobody hears. */
export const BELIEVED: Milliseconds = 10_000;

/** Entries in versions that they are not stored in, made when somebody asks and kept with the stored entry within a bound of bytes. */
export class Views {
  /** Each view with the entry that keeps it, the oldest first. */
  readonly #kept = new Map<CacheEntry, CacheEntry>();
  #bytes = 0;
  /** Until when a view is believed, by the monotonic clock; for good where it is not in here: made by this process itself. */
  readonly #until = new WeakMap<CacheEntry, Milliseconds>();
  /** What is being made, by what it is made as. */
  readonly #makings = new WeakMap<Resource, Map<CacheEntry, Making>>();
  /** Served no longer, or otherwise: for who still asks for it nothing is kept. */
  readonly #gone = new WeakSet<Resource>();

  constructor(private readonly limit = KEPT_BYTES) {}

  /** How much is kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The entry in the resource's version: itself where it is so already. */
  one(resource: Resource, entry: CacheEntry, ctx: Context): CacheEntry | Promise<CacheEntry> {
    const present = this.#present(resource, entry, ctx);
    return present ?? finished(this.making(resource, [entry], ctx)).then(([view]) => view!);
  }

  /** The same for what is written: its base is nothing that somebody else's converter said before, which would be stored for good. */
  forWrite(resource: Resource, entry: CacheEntry, ctx: Context): CacheEntry | Promise<CacheEntry> {
    const present = this.#present(resource, entry, ctx);
    if (present && !this.#until.has(present)) return present;
    const making = this.#begin(resource, [entry], ctx);
    return making.join(ctx).then(() => making.views.get(entry)!);
  }

  /** The same of many. */
  all(
    resource: Resource,
    entries: readonly CacheEntry[],
    ctx: Context,
  ): readonly CacheEntry[] | Promise<readonly CacheEntry[]> {
    return resource.definition.storage === undefined ? entries : finished(this.making(resource, entries, ctx));
  }

  /** At once: only for what is converted between the groups of a built-in kind. */
  now(resource: Resource, entry: CacheEntry): CacheEntry {
    const { apiVersion, definition } = resource;
    const present = resource.fits(entry) ? entry : entry.view(apiVersion);
    if (present) return present;
    const made = definition.storage!.convert([entry.object], apiVersion);
    if (made instanceof Promise) throw new Error(`${definition.plural} cannot be read at once in ${apiVersion}`);
    const view = atOnce(viewOf(entry, made[0]!));
    this.keep(entry, view);
    return view;
  }

  /** The entries in the resource's version, batch by batch; what is being made for others is not made again. */
  *making(resource: Resource, entries: readonly CacheEntry[], ctx: Context): Converting<readonly CacheEntry[]> {
    const rests = new Rests();
    // All that is there now, as what is made may evict it.
    const shown: (CacheEntry | undefined)[] = [];
    for (const entry of entries) {
      if (rests.isDue()) yield;
      shown.push(this.#present(resource, entry, ctx));
    }
    let made: ReadonlyMap<CacheEntry, CacheEntry> = new Map();
    for (const [i, entry] of entries.entries()) {
      if (rests.isDue()) yield;
      shown[i] ??= made.get(entry) ?? this.#present(resource, entry, ctx);
      if (shown[i]) continue;
      const making =
        this.#inFlight(resource).get(entry) ??
        this.#begin(resource, this.#batch(resource, { entries, first: i }, ctx), ctx);
      yield making.join(ctx);
      made = making.views;
      shown[i] = made.get(entry);
    }
    return shown as readonly CacheEntry[];
  }

  #present(resource: Resource, entry: CacheEntry, { clock }: Context): CacheEntry | undefined {
    if (resource.fits(entry)) return entry;
    const view = entry.view(resource.apiVersion);
    const until = view && this.#until.get(view);
    return until === undefined || clock.monotonic() < until ? view : undefined;
  }

  #inFlight(resource: Resource): Map<CacheEntry, Making> {
    return this.#makings.getOrInsertComputed(resource, () => new Map());
  }

  /** Of the entries from the first on as many as are converted together, without what need not be. */
  #batch(resource: Resource, { entries, first }: Wanted, ctx: Context): readonly CacheEntry[] {
    const inFlight = this.#inFlight(resource);
    const batch: CacheEntry[] = [];
    let bytes = 0;
    for (let i = first; i < entries.length && batch.length < BATCH; i++) {
      const entry = entries[i]!;
      if (inFlight.has(entry) || this.#present(resource, entry, ctx)) continue;
      bytes += entry.bytes.length;
      if (batch.length > 0 && bytes > BATCH_BYTES) break;
      batch.push(entry);
    }
    return batch;
  }

  #begin(resource: Resource, batch: readonly CacheEntry[], ctx: Context): Making {
    const inFlight = this.#inFlight(resource);
    const keep = (entry: CacheEntry, view: CacheEntry): void => {
      if (making.asksOthers) this.#until.set(view, ctx.clock.monotonic() + BELIEVED);
      if (!this.#gone.has(resource)) this.keep(entry, view);
    };
    const ended = (): void => {
      for (const entry of batch) if (inFlight.get(entry) === making) inFlight.delete(entry);
    };
    const making = new Making(resource, batch, { keep, ended }, ctx);
    for (const entry of batch) inFlight.set(entry, making);
    return making;
  }

  /** As it will be stored, from the resource's own version. Others get their turn meanwhile. */
  async toStorage(resource: Resource, object: KubeObject, ctx: Context): Promise<KubeObject> {
    const { asDeclared } = resource.definition.storage!;
    const own = await paced(asDeclared ? asDeclared(object, false) : frozenCopy(object));
    const [stored] = await converted({ resource, to: resource.storageVersion }, [own], ctx);
    return asDeclared ? paced(asDeclared(stored!, true)) : stored!;
  }

  /** Of what is served no longer, or otherwise. */
  drop(resources: readonly Resource[]): void {
    for (const resource of resources) this.#gone.add(resource);
    for (const [view, keeper] of [...this.#kept])
      if (resources.some(({ prefix }) => keeper.key.startsWith(prefix))) keeper.dropView(view.storedAs);
  }

  /** The same view of what has been stored meanwhile: believed no longer than that. */
  keepStored(entry: CacheEntry, { view, made }: { readonly view: CacheEntry; readonly made: CacheEntry }): void {
    const until = this.#until.get(made);
    if (until !== undefined) this.#until.set(view, until);
    this.keep(entry, view);
  }

  /** For whoever asks for the entry in that version, until it is changed or there are too many. */
  keep(entry: CacheEntry, view: CacheEntry): void {
    const dropped = (): void => {
      if (this.#kept.delete(view)) this.#bytes -= view.bytes.length;
    };
    if (!entry.keepView(view, dropped)) return;
    this.#kept.set(view, entry);
    this.#bytes += view.bytes.length;
    for (const [oldest, keeper] of this.#kept) {
      if (this.#bytes <= this.limit) break;
      keeper.dropView(oldest.storedAs);
    }
  }
}

interface Wanted {
  readonly entries: readonly CacheEntry[];
  readonly first: number;
}
