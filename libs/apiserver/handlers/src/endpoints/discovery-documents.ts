import { createHash } from 'node:crypto';
import {
  aggregatedDiscovery,
  apiGroup,
  apiGroupList,
  apiResourceList,
  apiVersions,
  type DiscoveredGroup,
  discoveredGroups,
  noOtherApis,
  type OtherApis,
  type ResourceDefinition,
  type SubresourceInfo,
} from '@kubernest/definitions';

export interface Described {
  /** The same list as long as nothing changes. */
  readonly definitions: () => readonly ResourceDefinition[];
  readonly subresources: readonly SubresourceInfo[];
  /** The same object as long as nothing changes. */
  readonly others: () => OtherApis;
}

/** A document ready to be sent; `etag` names its content. */
export interface DiscoveryDocument {
  readonly bytes: Buffer;
  readonly etag: string;
}

/** What discovery says, made when first asked for and kept until something is served otherwise. */
export class DiscoveryDocuments {
  #of: readonly ResourceDefinition[] = [];
  #and: OtherApis = noOtherApis;
  #groups: readonly DiscoveredGroup[] | undefined;
  readonly #made = new Map<string, DiscoveryDocument>();

  constructor(private readonly described: Described) {}

  /** `/api` or `/apis` with all below it. */
  aggregated(root: 'core' | 'groups'): DiscoveryDocument {
    return this.#once(`all ${root}`, (all) => {
      const groups =
        root === 'groups' ? this.#allGroups(all) : discoveredGroups(all, this.described.subresources, root);
      return aggregatedDiscovery(groups);
    })!;
  }

  /** `/api`, for whoever reached this server at `address`. */
  versions(address: string): DiscoveryDocument {
    return asDocument(apiVersions(this.described.definitions(), address));
  }

  /** `/apis`. */
  groups(): DiscoveryDocument {
    return this.#once('groups', (all) => apiGroupList(this.#named(all)))!;
  }

  /** `/apis/<group>`; undefined where nothing is served. */
  group(group: string): DiscoveryDocument | undefined {
    return this.#once(`group ${group}`, (all) => apiGroup(this.#named(all), group));
  }

  /** `/api/v1` and `/apis/<group>/<version>`; undefined where nothing is served. */
  resources(group: string, version: string): DiscoveryDocument | undefined {
    const { subresources } = this.described;
    return this.#once(`resources ${group}/${version}`, (all) => apiResourceList(all, subresources, { group, version }));
  }

  #allGroups(definitions: readonly ResourceDefinition[]): readonly DiscoveredGroup[] {
    this.#groups ??= this.#and.groups(discoveredGroups(definitions, this.described.subresources, 'groups'));
    return this.#groups;
  }

  #named(definitions: readonly ResourceDefinition[]) {
    return this.#allGroups(definitions).map(({ metadata, versions }) => ({
      group: metadata.name ?? '',
      versions: versions.map(({ version }) => version),
    }));
  }

  #once(
    key: string,
    make: (definitions: readonly ResourceDefinition[]) => object | undefined,
  ): DiscoveryDocument | undefined {
    const definitions = this.described.definitions();
    const others = this.described.others();
    if (this.#of !== definitions || this.#and !== others) {
      this.#made.clear();
      this.#groups = undefined;
      this.#of = definitions;
      this.#and = others;
    }
    // Of what is not there nothing is kept: anybody may ask for anything.
    const known = this.#made.get(key);
    if (known) return known;
    const made = make(definitions);
    if (!made) return undefined;
    const document = asDocument(made);
    this.#made.set(key, document);
    return document;
  }
}

function asDocument(object: object): DiscoveryDocument {
  const bytes = Buffer.from(JSON.stringify(object));
  return { bytes, etag: `"${createHash('sha256').update(bytes).digest('hex').toUpperCase()}"` };
}
