import type { ResourceDefinition } from '@kubernest/definitions';
import { nameOf, type ServedName } from './served.ts';
import { Snapshot } from './snapshot.ts';

export interface CatalogChange {
  readonly now: Snapshot;
  /** What is served from now on, in place of another or not. */
  readonly served: readonly ResourceDefinition[];
  /** What is served no longer, or from now on by another definition. */
  readonly gone: readonly ResourceDefinition[];
}

/** What is served from now on, and what no longer. What has the same group, version and plural takes the other's place. */
export interface CatalogUpdate {
  readonly served?: readonly ResourceDefinition[];
  readonly gone?: readonly ServedName[];
}

/** Every kind that an API server serves, in each of its versions. It changes while the server runs, from one snapshot to the next. */
export class Catalog {
  #current: Snapshot;
  readonly #listeners = new Set<(change: CatalogChange) => void>();

  /** In the order of discovery. */
  constructor(definitions: readonly ResourceDefinition[]) {
    this.#current = new Snapshot(1, new Map(definitions.map((definition) => [nameOf(definition), definition])));
  }

  get current(): Snapshot {
    return this.#current;
  }

  /** Calls `listener` after each change, before anything is answered by it. Must not throw. Returns the way to stop. */
  onChange(listener: (change: CatalogChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** All at once. Nothing happens where nothing changes. */
  apply({ served = [], gone = [] }: CatalogUpdate): void {
    const definitions = this.#current.named();
    const left = gone.map(nameOf).flatMap((name) => takeFrom(definitions, name));
    const fresh: ResourceDefinition[] = [];
    for (const definition of served) {
      const name = nameOf(definition);
      const before = definitions.get(name);
      if (before === definition) continue;
      if (before) left.push(before);
      definitions.set(name, definition);
      fresh.push(definition);
    }
    if (fresh.length === 0 && left.length === 0) return;
    this.#current = new Snapshot(this.#current.revision + 1, definitions);
    for (const listener of this.#listeners) listener({ now: this.#current, served: fresh, gone: left });
  }
}

function takeFrom(definitions: Map<string, ResourceDefinition>, name: string): ResourceDefinition[] {
  const definition = definitions.get(name);
  return definition && definitions.delete(name) ? [definition] : [];
}
