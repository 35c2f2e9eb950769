import { type CatalogChange, nameOf } from '@kubernest/apiserver/contract';
import type { ResourceDefinition } from '@kubernest/definitions';
import { Resource } from './resource.ts';

/** What the catalog serves, as the engine works with it. A definition that stays is the same `Resource` from change to change. */
export class Resources {
  readonly #byName = new Map<string, Resource>();
  /** Its versions by name, in the order of discovery. */
  readonly #byPlural = new Map<string, Map<string, Resource>>();

  constructor(now: CatalogChange['now']) {
    for (const definition of now.definitions) this.#add(definition);
  }

  /** To be called for each change of the catalog. What comes of it is what was served until now and is no longer. */
  follow({ now, served, gone }: CatalogChange): readonly Resource[] {
    const left = gone
      .flatMap((definition) => this.#byName.get(nameOf(definition)) ?? [])
      .filter((resource) => !goesOn(resource, now));
    for (const resource of left) this.#remove(resource);
    for (const definition of served) if (!this.#byName.has(nameOf(definition))) this.#add(definition);
    return left;
  }

  find(group: string, version: string, plural: string): Resource | undefined {
    return this.#byName.get(`${group}/${version}/${plural}`);
  }

  /** Any served version of a group's resource. */
  findAny(group: string, plural: string): Resource | undefined {
    return this.#byPlural.get(`${group}/${plural}`)?.values().next().value;
  }

  /** Something that is served is stored there. */
  stores(prefix: string): boolean {
    return this.#byName.values().some((resource) => resource.prefix === prefix);
  }

  serves(resource: Resource): boolean {
    return this.#byName.get(nameOf(resource.definition)) === resource;
  }

  #add(definition: ResourceDefinition): void {
    const [name, resource] = [nameOf(definition), new Resource(definition)];
    this.#byName.set(name, resource);
    this.#byPlural.getOrInsertComputed(pluralOf(definition), () => new Map<string, Resource>()).set(name, resource);
  }

  #remove({ definition }: Resource): void {
    const [name, plural] = [nameOf(definition), pluralOf(definition)];
    this.#byName.delete(name);
    const versions = this.#byPlural.get(plural);
    versions?.delete(name);
    if (versions?.size === 0) this.#byPlural.delete(plural);
  }
}

function goesOn(resource: Resource, now: CatalogChange['now']): boolean {
  const { group, version, plural } = resource.definition;
  const definition = now.find(group, version, plural);
  return definition !== undefined && resource.goesOnAs(definition);
}

const pluralOf = ({ group, plural }: ResourceDefinition): string => `${group}/${plural}`;
