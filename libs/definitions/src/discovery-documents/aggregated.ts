import type { ResourceDefinition } from '../definition.ts';
import { listedVerbs } from './listed-verbs.ts';
import { kindOfSubresource, type SubresourceInfo, subresourcesOf } from './subresources.ts';
import { groupsOf, inGroupVersion } from './versions.ts';

interface KindReference {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** A resource as `APIGroupDiscoveryList` tells of it. */
export interface DiscoveredResource {
  readonly resource: string;
  readonly responseKind: KindReference;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly singularResource: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly DiscoveredSubresource[];
}

export interface DiscoveredSubresource {
  readonly subresource: string;
  readonly responseKind: KindReference;
  readonly verbs: readonly string[];
}

export interface DiscoveredVersion {
  readonly version: string;
  /** `Stale`: who serves it did not say so lately. */
  readonly freshness: 'Current' | 'Stale';
  readonly resources: readonly DiscoveredResource[];
}

export interface DiscoveredGroup {
  /** The group without a name is `/api`. */
  readonly metadata: { readonly name?: string };
  /** The preferred one first. */
  readonly versions: readonly DiscoveredVersion[];
}

/** compat: of a built-in kind its own group and version go without saying. */
function kindOf(definition: ResourceDefinition, { group, version, kind }: KindReference): KindReference {
  const isOwn = group === definition.group && version === definition.version;
  return isOwn && !definition.customSchema ? { group: '', version: '', kind } : { group, version, kind };
}

function discoveredResource(definition: ResourceDefinition, added: readonly SubresourceInfo[]): DiscoveredResource {
  const { plural, singular, namespaced, shortNames, categories } = definition;
  const subresources = subresourcesOf(definition, added).map((subresource) => ({
    subresource: subresource.name,
    responseKind: kindOf(definition, kindOfSubresource(definition, subresource)),
    verbs: [...subresource.verbs].sort(),
  }));
  return {
    resource: plural,
    responseKind: kindOf(definition, definition),
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: listedVerbs(definition),
    ...(shortNames?.length && { shortNames }),
    ...(categories?.length && { categories }),
    ...(subresources.length && { subresources }),
  };
}

/** Every group below `/api` (`'core'`) or `/apis` (`'groups'`). */
export function discoveredGroups(
  definitions: readonly ResourceDefinition[],
  subresources: readonly SubresourceInfo[],
  root: 'core' | 'groups',
): readonly DiscoveredGroup[] {
  const groups = groupsOf(definitions).filter(({ group }) => (group === '') === (root === 'core'));
  return groups.map(({ group, versions }) => ({
    metadata: group === '' ? {} : { name: group },
    versions: versions.map((each) => ({
      version: each,
      freshness: 'Current',
      resources: inGroupVersion(definitions, { group, version: each }).map((definition) =>
        discoveredResource(definition, subresources),
      ),
    })),
  }));
}

/** All of them in one answer: `APIGroupDiscoveryList` of apidiscovery.k8s.io. */
export const aggregatedDiscovery = (items: readonly DiscoveredGroup[]) =>
  ({ kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items }) as const;
