import type { ResourceDefinition } from '@kubernest/definitions';
import { nameOf, type Served } from './served.ts';

/** What is served at one moment, by the names that it is looked up by. */
export class Snapshot implements Served {
  readonly definitions: readonly ResourceDefinition[];
  #groups: ReadonlySet<string> | undefined;

  /** `byName`: in the order of discovery; nobody changes it any more. */
  constructor(
    readonly revision: number,
    private readonly byName: ReadonlyMap<string, ResourceDefinition>,
  ) {
    this.definitions = [...byName.values()];
  }

  find(group: string, version: string, plural: string): ResourceDefinition | undefined {
    return this.byName.get(nameOf({ group, version, plural }));
  }

  servesGroup(group: string): boolean {
    this.#groups ??= new Set(this.definitions.map((definition) => definition.group));
    return this.#groups.has(group);
  }

  /** To make the next snapshot of: a copy, of which the names are not written anew. */
  named(): Map<string, ResourceDefinition> {
    return new Map(this.byName);
  }
}
