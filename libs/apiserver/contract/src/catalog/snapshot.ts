import type { ResourceDefinition } from '@kubernest/definitions';
import { nameOf, type Served } from './served.ts';

/** What is served at one moment, by the names that it is looked up by. */
export class Snapshot implements Served {
  readonly #byName: ReadonlyMap<string, ResourceDefinition>;
  readonly #groups: ReadonlySet<string>;

  constructor(
    readonly revision: number,
    readonly definitions: readonly ResourceDefinition[],
  ) {
    this.#byName = new Map(definitions.map((definition) => [nameOf(definition), definition]));
    this.#groups = new Set(definitions.map(({ group }) => group));
  }

  find(group: string, version: string, plural: string): ResourceDefinition | undefined {
    return this.#byName.get(nameOf({ group, version, plural }));
  }

  servesGroup(group: string): boolean {
    return this.#groups.has(group);
  }
}
