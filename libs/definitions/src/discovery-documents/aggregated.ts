import type { ResourceDefinition } from '../definition.ts';
import { kindOfSubresource, type SubresourceInfo, subresourcesOf } from './subresources.ts';
import { groupsOf, inGroupVersion } from './versions.ts';

export type AggregatedVersion = 'v2' | 'v2beta1';

interface KindReference {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** compat: of a built-in kind its own group and version go without saying. */
function kindOf({ group, version, declared }: ResourceDefinition, { kind, ...other }: KindReference): KindReference {
  const isOwn = other.group === group && other.version === version;
  return isOwn && !declared ? { group: '', version: '', kind } : { group: other.group, version: other.version, kind };
}

function discoveredResource(definition: ResourceDefinition, added: readonly SubresourceInfo[]) {
  const { plural, singular, namespaced, shortNames, categories, verbs } = definition;
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
    verbs: [...verbs].sort(),
    ...(shortNames?.length && { shortNames }),
    ...(categories?.length && { categories }),
    ...(subresources.length && { subresources }),
  };
}

/** Everything below `/api` (`'core'`) or `/apis` (`'groups'`) in one answer: `APIGroupDiscoveryList` of apidiscovery.k8s.io. */
export function aggregatedDiscovery(
  definitions: readonly ResourceDefinition[],
  subresources: readonly SubresourceInfo[],
  root: 'core' | 'groups',
  version: AggregatedVersion,
) {
  const groups = groupsOf(definitions).filter(({ group }) => (group === '') === (root === 'core'));
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map(({ group, versions }) => ({
      metadata: group === '' ? {} : { name: group },
      versions: versions.map((each) => ({
        version: each,
        freshness: 'Current',
        resources: inGroupVersion(definitions, { group, version: each }).map((definition) =>
          discoveredResource(definition, subresources),
        ),
      })),
    })),
  } as const;
}
