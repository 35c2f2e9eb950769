import type { ResourceDefinition } from '../definition.ts';
import { listedVerbs } from './listed-verbs.ts';
import { type SubresourceInfo, subresourcesOf } from './subresources.ts';
import { groupsOf, inGroupVersion } from './versions.ts';

export type AggregatedVersion = 'v2' | 'v2beta1';

interface KindReference {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

function kindOf({ group, version, kind }: KindReference): KindReference {
  return { group, version, kind };
}

function discoveredResource(definition: ResourceDefinition, added: readonly SubresourceInfo[]) {
  const { plural, singular, namespaced, shortNames, categories } = definition;
  const subresources = subresourcesOf(definition, added).map((subresource) => ({
    subresource: subresource.name,
    responseKind: kindOf(subresource.body ?? definition),
    verbs: [...subresource.verbs].sort(),
  }));
  return {
    resource: plural,
    responseKind: kindOf(definition),
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: listedVerbs(definition),
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
