import { type CacheEntry, versionIn } from '@kubernest/apiserver/codec';
import type { Context } from '@kubernest/kit';
import type { CacheEvent } from '../cache/resource-cache.ts';
import type { Resource } from '../catalog/resource.ts';
import type { Converting } from '../views/converting.ts';
import type { Views } from '../views/views.ts';
import type { Selection } from './watcher.ts';

/** Adds what `selection` will look at or show of the events: where metadata tell which those are, no more than it shows. */
export function addNeeded(needed: Set<CacheEntry>, selection: Selection, events: readonly CacheEvent[]): void {
  for (const event of events) {
    if (selection.readsVersion) {
      needed.add(lastOf(event));
      if (event.old) needed.add(event.old);
    } else if (selection.matches(event.entry)) needed.add(lastOf(event));
    else if (event.old && selection.matches(event.old)) needed.add(event.old);
  }
}

/** What was removed is shown as it was before, which may have been converted already. */
const lastOf = ({ type, entry, old }: CacheEvent): CacheEntry => (type === 'DELETED' && old ? old : entry);

/** The same events with what is `needed` of them in the resource's version. */
export function* eventsInVersion(
  views: Views,
  { resource, events, needed }: EventsToConvert,
  ctx: Context,
): Converting<readonly CacheEvent[]> {
  const entries = [...needed];
  const made = yield* views.making(resource, entries, ctx);
  const viewOf = new Map(entries.map((entry, i) => [entry, made[i]!]));
  return events.map((event) => {
    const { revision, entry, old } = event;
    const last = viewOf.get(lastOf(event));
    const shown = last && last.revision !== revision ? last.under(revision, versionIn(entry.bytes)) : last;
    return { ...event, entry: shown ?? entry, old: old && (viewOf.get(old) ?? old) };
  });
}

export interface EventsToConvert {
  readonly resource: Resource;
  readonly events: readonly CacheEvent[];
  readonly needed: ReadonlySet<CacheEntry>;
}
