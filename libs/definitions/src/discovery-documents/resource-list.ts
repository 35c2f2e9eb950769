import { createHash } from 'node:crypto';
import { apiVersionOf, parseApiVersion } from '@kubernest/meta';
import type { ResourceDefinition } from '../definition.ts';
import { listedVerbs } from './listed-verbs.ts';
import { kindOfSubresource, type SubresourceInfo, subresourcesOf } from './subresources.ts';
import { inGroupVersion } from './versions.ts';

export interface ApiResource {
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  /** Only where it is not the list's own. */
  readonly group?: string;
  readonly version?: string;
  readonly kind: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly storageVersionHash?: string;
}

export interface ApiResourceList {
  readonly kind: 'APIResourceList';
  readonly apiVersion: 'v1';
  readonly groupVersion: string;
  readonly resources: readonly ApiResource[];
}

/** Changes when objects of this kind are stored in another version: clients that migrate storage watch it. */
export function storageVersionHash(definition: ResourceDefinition): string | undefined {
  if (definition.virtual) return undefined;
  const { kind, storage } = definition;
  const { group, version } = storage ? parseApiVersion(storage.apiVersion) : definition;
  return createHash('sha256').update(`${group}/${version}/${kind}`).digest().subarray(0, 8).toString('base64');
}

function resourceOf(definition: ResourceDefinition): ApiResource {
  const { plural, singular, namespaced, kind, shortNames, categories } = definition;
  const hash = storageVersionHash(definition);
  return {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: listedVerbs(definition),
    ...(shortNames?.length && { shortNames }),
    ...(categories?.length && { categories }),
    ...(hash && { storageVersionHash: hash }),
  };
}

function subresourceOf(definition: ResourceDefinition, subresource: SubresourceInfo): ApiResource {
  const { name, verbs } = subresource;
  const body = kindOfSubresource(definition, subresource);
  const foreign = apiVersionOf(body) !== apiVersionOf(definition);
  return {
    name: `${definition.plural}/${name}`,
    singularName: '',
    namespaced: definition.namespaced,
    ...(foreign && body.group !== '' && { group: body.group }),
    ...(foreign && { version: body.version }),
    kind: body.kind,
    verbs: [...verbs].sort(),
  };
}

/** `/api/v1` and `/apis/<group>/<version>`; undefined where nothing is served. */
export function apiResourceList(
  definitions: readonly ResourceDefinition[],
  subresources: readonly SubresourceInfo[],
  gv: { readonly group: string; readonly version: string },
): ApiResourceList | undefined {
  const served = inGroupVersion(definitions, gv);
  if (served.length === 0) return undefined;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf(gv),
    resources: served.flatMap((definition) => [
      resourceOf(definition),
      ...subresourcesOf(definition, subresources).map((subresource) => subresourceOf(definition, subresource)),
    ]),
  };
}
