import { type CacheEntry, makingLarge, paced, reading, type WatchForm } from '@kubernest/apiserver/codec';
import {
  addNeeded,
  BATCH,
  type CacheEvent,
  type Engine,
  eventsInVersion,
  finished,
  isInVersion,
  type ResourceSelection,
  type SeenEvent,
  seenBy,
} from '@kubernest/apiserver/storage';
import type { Looks } from '@kubernest/definitions';
import type { Context } from '@kubernest/kit';

/** What a watch begins with is about this. */
export interface InitialCall {
  readonly engine: Engine;
  readonly selection: ResourceSelection;
  readonly form: Pick<WatchForm, 'reads' | 'making' | 'isDear'>;
  /** For all of it. */
  readonly looks: Looks;
}

/** Where there is no event others may have their turn. */
export type SeenEvents = Iterable<SeenEvent | undefined>;

/** What is there, part by part. */
export async function* initialState(
  call: InitialCall,
  range: readonly CacheEntry[],
  ctx: Context,
): AsyncGenerator<SeenEvents> {
  const { engine, selection, form } = call;
  if (!isInVersion(selection, form)) return yield stateOf(call, range);
  const chosen = selection.readsVersion ? range : await paced(selection.first(range, Number.POSITIVE_INFINITY));
  for (const entries of inBatches(chosen))
    yield stateOf(call, await engine.views.all(selection.resource, entries, ctx));
}

function* stateOf(
  { selection, form, looks }: InitialCall,
  range: readonly CacheEntry[],
): Generator<SeenEvent | undefined> {
  for (const entry of selection.among(range)) {
    if (entry) yield* reading(entry, form.reads);
    if (entry) yield* makingLarge(form, entry, looks);
    yield entry && { type: 'ADDED', entry };
  }
}

/** What has changed since a revision, part by part. */
export async function* missedChanges(
  call: InitialCall,
  missed: readonly CacheEvent[],
  ctx: Context,
): AsyncGenerator<SeenEvents> {
  const { engine, selection, form } = call;
  if (!isInVersion(selection, form)) return yield changesOf(call, missed);
  for (const events of inBatches(missed)) {
    const needed = new Set<CacheEntry>();
    addNeeded(needed, selection, events);
    const { resource } = selection;
    yield changesOf(call, await finished(eventsInVersion(engine.views, { resource, events, needed }, ctx)));
  }
}

function* changesOf(
  { selection, form, looks }: InitialCall,
  events: readonly CacheEvent[],
): Generator<SeenEvent | undefined> {
  const reads = selection.unfiltered ? form.reads : 'object';
  for (const event of events) {
    yield* reading(event.entry, reads);
    const seen = seenBy(selection, event);
    if (seen) yield* makingLarge(form, seen.entry, looks);
    yield seen;
  }
}

function* inBatches<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += BATCH) yield all.slice(at, at + BATCH);
}
