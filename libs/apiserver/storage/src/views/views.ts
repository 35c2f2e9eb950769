import { CacheEntry, isLarge, jsonBytes, orderedBytesInSteps, paced, versionIn } from '@kubernest/apiserver/codec';
import type { Context } from '@kubernest/kit';
import { atOnce, clone, cloneInSteps, freezeAsJson, freezeInSteps, type KubeObject, type Steps } from '@kubernest/meta';
import type { Resource } from '../catalog/resource.ts';
import { converted } from './convert.ts';
import { type Converting, finished } from './converting.ts';

/** So much JSON is kept in other versions than the stored one: some 10,000 objects, a list of which is then made once for all who ask. */
const KEPT_BYTES = 32 * 1024 * 1024;
/** So many a converter is given at once, and no more than so much JSON unless one object is. */
export const BATCH = 500;
const BATCH_BYTES = 4 * 1024 * 1024;
/** So many are decoded or encoded before there is a place to rest. */
const ENTRIES_A_STEP = 16;

/** Entries in versions that they are not stored in, made when somebody asks and kept with the stored entry as long as there is room. */
export class Views {
  /** Each view with the entry that keeps it, the oldest first. */
  readonly #kept = new Map<CacheEntry, CacheEntry>();
  #bytes = 0;

  constructor(private readonly limit = KEPT_BYTES) {}

  /** How much is kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The entry in the resource's version: itself where it is so already. */
  one(resource: Resource, entry: CacheEntry, ctx: Context): CacheEntry | Promise<CacheEntry> {
    if (resource.fits(entry)) return entry;
    return entry.view(resource.apiVersion) ?? finished(this.making(resource, [entry], ctx)).then(([view]) => view!);
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
    const kept = resource.fits(entry) ? entry : entry.view(apiVersion);
    if (kept) return kept;
    const made = definition.storage!.convert([entry.object], apiVersion);
    if (made instanceof Promise) throw new Error(`${definition.plural} cannot be read at once in ${apiVersion}`);
    const view = atOnce(viewOf(entry, made[0]!));
    this.keep(entry, view);
    return view;
  }

  /** The entries in the resource's version, batch by batch. */
  *making(resource: Resource, entries: readonly CacheEntry[], ctx: Context): Converting<readonly CacheEntry[]> {
    const views = new Map<CacheEntry, CacheEntry>();
    const missing: CacheEntry[] = [];
    for (const entry of entries) {
      if (resource.fits(entry)) continue;
      const view = entry.view(resource.apiVersion);
      if (view) views.set(entry, view);
      else missing.push(entry);
    }
    for (const batch of batchesOf(missing)) {
      const objects = yield* objectsOf(batch);
      const answer = converted({ resource }, objects, ctx);
      const made = answer instanceof Promise ? (yield answer)! : answer;
      for (const [i, entry] of batch.entries()) {
        const view = yield* viewOf(entry, made[i]!);
        views.set(entry, view);
        this.keep(entry, view);
        if (isStepOver(i)) yield;
      }
    }
    return entries.map((entry) => views.get(entry) ?? entry);
  }

  /** As it will be stored, from the resource's own version. `large`: others get their turn meanwhile. */
  async toStorage(
    resource: Resource,
    { object, large = false }: { readonly object: KubeObject; readonly large?: boolean | undefined },
    ctx: Context,
  ): Promise<KubeObject> {
    const own = large ? await paced(frozenCopy(object)) : freezeAsJson(clone(object));
    const [stored] = await converted({ resource, to: resource.storageVersion }, [own], ctx);
    return stored!;
  }

  /** Of what is served no longer, or otherwise. */
  drop(resources: readonly Resource[]): void {
    for (const [view, keeper] of [...this.#kept])
      if (resources.some(({ prefix }) => keeper.key.startsWith(prefix))) keeper.dropView(view.storedAs);
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

function* frozenCopy(object: KubeObject): Steps<KubeObject> {
  const copy = yield* cloneInSteps(object);
  yield* freezeInSteps(copy);
  return copy;
}

function* batchesOf(entries: readonly CacheEntry[]): Generator<readonly CacheEntry[]> {
  let batch: CacheEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    if (batch.length === BATCH || (batch.length > 0 && bytes + entry.bytes.length > BATCH_BYTES)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(entry);
    bytes += entry.bytes.length;
  }
  if (batch.length > 0) yield batch;
}

function* objectsOf(entries: readonly CacheEntry[]): Steps<readonly KubeObject[]> {
  const objects: KubeObject[] = [];
  for (const [i, entry] of entries.entries()) {
    if (isLarge(entry.bytes.length)) yield* entry.read();
    objects.push(entry.object);
    if (isStepOver(i)) yield;
  }
  return objects;
}

/** Bytes alone, which is what most ask for: what the converter gave may share parts with what it was given. */
function* viewOf({ key, revision, bytes, namespace, name }: CacheEntry, object: KubeObject): Steps<CacheEntry> {
  const version = versionIn(bytes);
  const json = isLarge(bytes.length) ? yield* orderedBytesInSteps(object, version) : jsonBytes(object, version);
  return new CacheEntry(key, revision, json, namespace, name);
}

const isStepOver = (i: number): boolean => i % ENTRIES_A_STEP === ENTRIES_A_STEP - 1;
