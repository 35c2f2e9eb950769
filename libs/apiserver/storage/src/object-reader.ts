import type { CacheEntry } from '@kubernest/apiserver/codec';
import type { ObjectReader } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import { type KubeObject, parseApiVersion } from '@kubernest/meta';
import { toCacheEntry } from './cache/watch-cache.ts';
import type { Resource } from './catalog/resource.ts';
import { cacheOf, type Engine } from './engine.ts';

/** What plugins read: this process' cache, at once. An unknown resource is an empty one. */
export function objectReader(engine: Engine): ObjectReader {
  const find = (ref: { group: string; resource: string }): Resource | undefined =>
    engine.resources.findAny(ref.group, ref.resource);
  const show = <T>(resource: Resource, entry: CacheEntry | undefined): T | undefined =>
    entry && (shown(engine, resource, entry) as unknown as T);
  return {
    get<T extends KubeObject>(ref: { group: string; resource: string }, key: string) {
      const resource = find(ref);
      return resource && show<T>(resource, cacheOf(engine, resource).get(resource.prefix + key));
    },
    list<T extends KubeObject>(ref: { group: string; resource: string }, namespace?: string) {
      const resource = find(ref);
      if (!resource) return [];
      return cacheOf(engine, resource)
        .range(resource.keyPrefix(namespace))
        .map((entry) => shown(engine, resource, entry) as T);
    },
    count(ref) {
      const resource = find(ref);
      return resource ? cacheOf(engine, resource).size : 0;
    },
    subscribe(ref, onChange) {
      const resource = find(ref);
      if (!resource) return () => {};
      return cacheOf(engine, resource).subscribe(({ type, entry, old }) =>
        onChange({
          object: type === 'DELETED' ? undefined : shown(engine, resource, entry),
          old: show<KubeObject>(resource, old),
        }),
      );
    },
    async fetch<T extends KubeObject>(ref: { group: string; resource: string }, key: string, ctx: Context) {
      const resource = find(ref);
      if (!resource) return undefined;
      const { entry } = await engine.store.get(resource.prefix + key, ctx);
      return show<T>(resource, entry && toCacheEntry(entry, engine.versions));
    },
  };
}

/** In whichever version of its group it is stored, as nobody asks for one here: so it is there at once, whoever converts it for others. */
function shown({ views }: Engine, resource: Resource, entry: CacheEntry): KubeObject {
  const { storage, group } = resource.definition;
  const isOfGroup = storage === undefined || parseApiVersion(entry.storedAs).group === group;
  return isOfGroup ? entry.object : views.now(resource, entry).object;
}
