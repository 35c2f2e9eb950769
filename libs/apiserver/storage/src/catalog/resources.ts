import { type CatalogChange, nameOf } from '@kubernest/apiserver/contract';
import { Resource } from './resource.ts';

/** What the catalog serves, as the engine works with it. A definition that stays is the same `Resource` from change to change. */
export class Resources {
  #byName: ReadonlyMap<string, Resource> = new Map();
  #byPlural: ReadonlyMap<string, Resource> = new Map();

  constructor(now: CatalogChange['now']) {
    this.follow({ now, gone: [] });
  }

  /** To be called for each change of the catalog. What comes of it is what was served until now and is no longer. */
  follow({ now, gone }: CatalogChange): readonly Resource[] {
    const before = new Map(this.#byName);
    const left = gone
      .flatMap((definition) => before.get(nameOf(definition)) ?? [])
      .filter((resource) => !goesOn(resource, now));
    for (const { definition } of left) before.delete(nameOf(definition));
    const resources = now.definitions.map((definition) => before.get(nameOf(definition)) ?? new Resource(definition));
    this.#byName = new Map(resources.map((resource) => [nameOf(resource.definition), resource]));
    // Of several versions the first of discovery counts, which is the last that is set.
    this.#byPlural = new Map(resources.toReversed().map((resource) => [pluralOf(resource), resource]));
    return left;
  }

  find(group: string, version: string, plural: string): Resource | undefined {
    return this.#byName.get(`${group}/${version}/${plural}`);
  }

  /** Any served version of a group's resource. */
  findAny(group: string, plural: string): Resource | undefined {
    return this.#byPlural.get(`${group}/${plural}`);
  }

  /** Something that is served is stored there. */
  stores(prefix: string): boolean {
    return this.#byName.values().some((resource) => resource.prefix === prefix);
  }

  serves(resource: Resource): boolean {
    return this.#byName.get(nameOf(resource.definition)) === resource;
  }
}

function goesOn(resource: Resource, now: CatalogChange['now']): boolean {
  const { group, version, plural } = resource.definition;
  const definition = now.find(group, version, plural);
  return definition !== undefined && resource.goesOnAs(definition);
}

const pluralOf = ({ definition: { group, plural } }: Resource): string => `${group}/${plural}`;
