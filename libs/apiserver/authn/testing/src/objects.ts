import type { ObjectReader } from '@kubernest/apiserver/contract';
import { type KubeObject, keyOf } from '@kubernest/meta';

type Ref = { readonly group: string; readonly resource: string };
type Listener = Parameters<ObjectReader['subscribe']>[1];

/** A reader over what a test puts in, for rules that need no more than a reader. */
export interface Objects extends ObjectReader {
  put(ref: Ref | string, object: KubeObject): void;
  remove(ref: Ref | string, key: string): void;
  /** Known to the store and not yet to the cache: only `fetch` sees it. */
  putBehind(ref: Ref | string, object: KubeObject): void;
}

export function objects(initial: Readonly<Record<string, readonly KubeObject[]>> = {}): Objects {
  const cached = new Map<string, Map<string, KubeObject>>();
  const stored = new Map<string, KubeObject>();
  const listeners = new Map<string, Set<Listener>>();
  const id = (ref: Ref | string) => {
    if (typeof ref === 'string') return ref;
    return ref.group === '' ? ref.resource : `${ref.resource}.${ref.group}`;
  };
  const tell = (ref: Ref | string, change: Parameters<Listener>[0]) => {
    for (const listener of listeners.get(id(ref)) ?? []) listener(change);
  };
  const reader: Objects = {
    get: <T extends KubeObject>(ref: Ref, key: string) => cached.get(id(ref))?.get(key) as T | undefined,
    list: <T extends KubeObject>(ref: Ref, namespace?: string) => {
      const all = [...(cached.get(id(ref))?.values() ?? [])] as T[];
      return namespace === undefined ? all : all.filter((object) => object.metadata.namespace === namespace);
    },
    count: (ref) => cached.get(id(ref))?.size ?? 0,
    subscribe(ref, onChange) {
      const set = listeners.get(id(ref)) ?? new Set();
      listeners.set(id(ref), set.add(onChange));
      return () => set.delete(onChange);
    },
    fetch: async <T extends KubeObject>(ref: Ref, key: string) =>
      (stored.get(`${id(ref)} ${key}`) ?? reader.get(ref, key)) as T | undefined,
    put(ref, object) {
      const of = cached.get(id(ref)) ?? new Map<string, KubeObject>();
      cached.set(id(ref), of);
      const old = of.get(keyOf(object));
      of.set(keyOf(object), object);
      tell(ref, { object, old });
    },
    remove(ref, key) {
      const old = cached.get(id(ref))?.get(key);
      cached.get(id(ref))?.delete(key);
      stored.delete(`${id(ref)} ${key}`);
      tell(ref, { object: undefined, old });
    },
    putBehind: (ref, object) => void stored.set(`${id(ref)} ${keyOf(object)}`, object),
  };
  for (const [ref, list] of Object.entries(initial)) for (const object of list) reader.put(ref, object);
  return reader;
}
