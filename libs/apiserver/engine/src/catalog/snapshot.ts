import type { ResourceDefinition } from '@kubernest/definitions';
import type { Served } from '../contract/index.ts';
import type { Resource } from './resource.ts';

/** What is served at one moment, by every name that it is looked up by. */
export class Snapshot implements Served {
  readonly definitions: readonly ResourceDefinition[];
  readonly #byName = new Map<string, Resource>();
  readonly #byPlural = new Map<string, Resource>();
  readonly #groups = new Set<string>();

  constructor(
    readonly revision: number,
    readonly resources: readonly Resource[],
  ) {
    this.definitions = resources.map(({ definition }) => definition);
    for (const resource of resources) {
      const { group, plural } = resource.definition;
      this.#byName.set(nameOf(resource.definition), resource);
      this.#groups.add(group);
      const key = `${group}/${plural}`;
      if (!this.#byPlural.has(key)) this.#byPlural.set(key, resource);
    }
  }

  find(group: string, version: string, plural: string): Resource | undefined {
    return this.#byName.get(`${group}/${version}/${plural}`);
  }

  /** Any served version of a group's resource. */
  findAny(group: string, plural: string): Resource | undefined {
    return this.#byPlural.get(`${group}/${plural}`);
  }

  servesGroup(group: string): boolean {
    return this.#groups.has(group);
  }

  serves(resource: Resource): boolean {
    return this.#byName.get(nameOf(resource.definition)) === resource;
  }
}

export const nameOf = ({ group, version, plural }: Pick<ResourceDefinition, 'group' | 'version' | 'plural'>): string =>
  `${group}/${version}/${plural}`;
