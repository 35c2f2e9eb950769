import type { ResourceDefinition } from '@kubernest/kinds';
import { apiVersionOf, clone, type KubeObject, type Steps } from '@kubernest/meta';
import type { CacheEntry } from '../cache/cache-entry.ts';
import { stringifyOrdered } from '../cache/stored-bytes.ts';

let made = 0;

/** One version of a kind as it is served: its definition and what the engine derives from it once. */
export class Resource {
  /** Tells it from what has the same name before or after it. */
  readonly id = ++made;
  readonly apiVersion: string;
  /** `/registry/core/pods/` */
  readonly prefix: string;
  /** Length of `{"kind":…,"apiVersion":…,`: what list items leave off. */
  readonly headLength: number;

  constructor(readonly definition: ResourceDefinition) {
    const { group, plural, kind } = definition;
    this.apiVersion = apiVersionOf(definition);
    this.prefix = storagePrefix(definition.storage?.group ?? group, definition.storage?.plural ?? plural);
    this.headLength = Buffer.byteLength(
      `{"kind":${JSON.stringify(kind)},"apiVersion":${JSON.stringify(this.apiVersion)},`,
    );
  }

  get subject(): { readonly group: string; readonly resource: string } {
    return { group: this.definition.group, resource: this.definition.plural };
  }

  key(namespace: string | undefined, name: string): string {
    return this.definition.namespaced ? `${this.prefix}${namespace}/${name}` : this.prefix + name;
  }

  /** Everything of one namespace, or everything. */
  keyPrefix(namespace: string | undefined): string {
    return namespace && this.definition.namespaced ? `${this.prefix}${namespace}/` : this.prefix;
  }

  /** The entry's object in this resource's version; frozen. */
  object(entry: CacheEntry): KubeObject {
    const storage = this.definition.storage;
    if (!storage) return entry.object;
    return entry.objectAs(this.apiVersion, () => {
      const object = storage.fromStored(clone(entry.object) as never) as unknown as KubeObject;
      return { ...object, kind: this.definition.kind, apiVersion: this.apiVersion };
    });
  }

  /** The same in short steps, for what is large. */
  *read(entry: CacheEntry): Steps<KubeObject> {
    const stored = yield* entry.read();
    return this.definition.storage ? this.object(entry) : stored;
  }

  /** The entry's JSON in this resource's version. */
  json(entry: CacheEntry): Buffer {
    if (!this.definition.storage) return entry.bytes;
    return entry.representation(`json ${this.apiVersion}`, () => {
      const object = this.object(entry);
      return Buffer.from(stringifyOrdered(object, object.metadata.resourceVersion ?? ''));
    });
  }

  /** From this version's form to the one that is stored. */
  toStored(object: KubeObject): KubeObject {
    const storage = this.definition.storage;
    return storage ? (storage.toStored(clone(object) as never) as unknown as KubeObject) : object;
  }
}

export function storagePrefix(group: string, plural: string): string {
  return `/registry/${group === '' ? 'core' : group}/${plural}/`;
}
