import type { FindBodyType, ResourceDefinition } from '../definition.ts';
import { type SubresourceInfo, subresourcesOf } from '../discovery-documents/index.ts';
import { collectionOperations } from './collection-operations.ts';
import { rootPath } from './names.ts';
import { objectOperations, subresourceOperations } from './object-operations.ts';
import type { Operation, Place } from './operation.ts';
import * as params from './parameters.ts';

/** Beside definitions: what else is served, and what its bodies are. */
export interface Surroundings {
  readonly subresources: readonly SubresourceInfo[];
  readonly findBodyType: FindBodyType;
}

/** Every operation of a definition and its subresources. */
export function operationsOf(
  definition: ResourceDefinition,
  { subresources, findBodyType }: Surroundings,
): readonly Operation[] {
  const root = rootPath(definition);
  const { namespaced, plural, kind } = definition;
  const place: Place = {
    definition,
    findBodyType,
    collection: namespaced ? `${root}/namespaces/{namespace}/${plural}` : `${root}/${plural}`,
    scope: namespaced ? [params.namespacePath] : [],
    noun: namespaced ? `Namespaced${kind}` : kind,
  };
  const everywhere = { ...place, collection: `${root}/${plural}`, scope: [], noun: `${kind}ForAllNamespaces` };
  const verbs = definition.verbs.filter((verb) => verb !== 'create');
  return [
    ...collectionOperations(place),
    ...(namespaced ? collectionOperations(everywhere).filter(({ action }) => action === 'list') : []),
    ...objectOperations({ ...place, path: `${place.collection}/{name}`, kind: definition, verbs, suffix: '' }),
    ...subresourcesOf(definition, subresources).flatMap((subresource) => subresourceOperations(place, subresource)),
  ];
}
