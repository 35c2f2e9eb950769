import { type KubeObject, keyOf } from '@kubernest/meta';

type Index<T> = { readonly values: (object: T) => readonly string[]; readonly byValue: Map<string, Map<string, T>> };

/** Objects by key, by namespace and by any index asked for. */
export class ObjectCache<T extends KubeObject> {
  readonly #byKey = new Map<string, T>();
  readonly #byNamespace = new Map<string, Map<string, T>>();
  readonly #indexes = new Map<string, Index<T>>();

  get(key: string): T | undefined {
    return this.#byKey.get(key);
  }

  keys(): Iterable<string> {
    return this.#byKey.keys();
  }

  list(namespace?: string): readonly T[] {
    const from = namespace === undefined ? this.#byKey : this.#byNamespace.get(namespace);
    return from ? [...from.values()] : [];
  }

  byIndex(name: string, value: string): readonly T[] {
    const index = this.#indexes.get(name);
    if (!index) throw new Error(`the informer has no index "${name}": add it with addIndex`);
    const found = index.byValue.get(value);
    return found ? [...found.values()] : [];
  }

  /** An object for which `values` throws is under no value of this index; `onFault` is told. */
  addIndex(name: string, values: (object: T) => readonly string[], onFault: (fault: unknown) => void): void {
    if (this.#indexes.has(name)) return;
    const guarded = (object: T): readonly string[] => {
      try {
        return values(object);
      } catch (fault) {
        onFault(fault);
        return [];
      }
    };
    const index: Index<T> = { values: guarded, byValue: new Map() };
    this.#indexes.set(name, index);
    for (const [key, object] of this.#byKey) enter(index, key, object);
  }

  set(object: T): void {
    const key = keyOf(object);
    const old = this.#byKey.get(key);
    this.#byKey.set(key, object);
    const { namespace } = object.metadata;
    if (namespace) put(this.#byNamespace, namespace, key, object);
    for (const index of this.#indexes.values()) {
      if (old) leave(index, key, old);
      enter(index, key, object);
    }
  }

  delete(key: string): T | undefined {
    const old = this.#byKey.get(key);
    if (!old) return undefined;
    this.#byKey.delete(key);
    const { namespace } = old.metadata;
    if (namespace) drop(this.#byNamespace, namespace, key);
    for (const index of this.#indexes.values()) leave(index, key, old);
    return old;
  }
}

function enter<T>(index: Index<T>, key: string, object: T): void {
  for (const value of index.values(object)) put(index.byValue, value, key, object);
}

function leave<T>(index: Index<T>, key: string, object: T): void {
  for (const value of index.values(object)) drop(index.byValue, value, key);
}

function put<T>(map: Map<string, Map<string, T>>, value: string, key: string, object: T): void {
  const bucket = map.get(value);
  if (bucket) bucket.set(key, object);
  else map.set(value, new Map([[key, object]]));
}

function drop<T>(map: Map<string, Map<string, T>>, value: string, key: string): void {
  const bucket = map.get(value);
  if (!bucket) return;
  bucket.delete(key);
  if (bucket.size === 0) map.delete(value);
}
