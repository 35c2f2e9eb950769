import { type CacheEntry, versionIn } from '@kubernest/apiserver/codec';
import type { ResourceDefinition } from '@kubernest/definitions';
import { apiVersionOf } from '@kubernest/meta';

let made = 0;

/** One version of a kind as it is served: its definition and what the engine derives from it once. */
export class Resource {
  /** Tells it from what has the same name before or after it. */
  readonly id = ++made;
  readonly apiVersion: string;
  /** In which objects are stored from now on. */
  readonly storageVersion: string;
  /** `/registry/core/pods/` */
  readonly prefix: string;
  /** See `storage.since`. */
  readonly #since: number;
  /** Length of what the items of a list leave off: `{"kind":…,"apiVersion":…,`; of what is declared only the brace. */
  readonly headLength: number;

  constructor(readonly definition: ResourceDefinition) {
    const { group, plural, kind } = definition;
    this.apiVersion = apiVersionOf(definition);
    this.storageVersion = definition.storage?.apiVersion ?? this.apiVersion;
    this.prefix = storagePrefix(definition.storage?.group ?? group, definition.storage?.plural ?? plural);
    this.#since = Number(definition.storage?.since ?? 0);
    const head = definition.customSchema
      ? '{'
      : `{"kind":${JSON.stringify(kind)},"apiVersion":${JSON.stringify(this.apiVersion)},`;
    this.headLength = Buffer.byteLength(head);
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

  /** What it writes is stored as it is. */
  get storesOwnVersion(): boolean {
    return this.storageVersion === this.apiVersion;
  }

  /** The entry is stored in a version in which nothing is written any more. */
  isOutdated(entry: CacheEntry): boolean {
    return this.definition.storage !== undefined && entry.storedAs !== this.storageVersion;
  }

  /** The entry is in this version, as its definition has it. Of a kind with no other versions every entry is. */
  fits(entry: CacheEntry): boolean {
    const { storage } = this.definition;
    if (storage === undefined) return true;
    if (entry.storedAs !== this.apiVersion) return false;
    return this.#since === 0 || Number(versionIn(entry.bytes)) > this.#since;
  }
}

export function storagePrefix(group: string, plural: string): string {
  return `/registry/${group === '' ? 'core' : group}/${plural}/`;
}
