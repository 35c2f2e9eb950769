import type { FindBodyType, ResourceDefinition } from '../definition.ts';
import { type SubresourceInfo, subresourcesOf } from '../discovery-documents/index.ts';
import { collectionOperations, listEverywhere } from './collection.operations.ts';
import { connectOperations, logOperation } from './connect.operations.ts';
import { rootPath, title } from './names.ts';
import { objectOperations } from './object.operations.ts';
import type { KindWithSchema, Operation, Place } from './operation.ts';
import * as params from './parameters.ts';
import { watchOperations } from './watch.operations.ts';

function subresourceOperations(place: Place, subresource: SubresourceInfo): Operation[] {
  const { name, verbs, body, options } = subresource;
  const path = `${place.collection}/{name}/${name}`;
  if (name === 'log') return [logOperation(place, path)];
  if (options) return connectOperations(place, path, subresource);
  const kind = body ? place.findBodyType(body.group, body.version, body.kind) : place.definition;
  return kind ? objectOperations(place, { path, kind: kind as KindWithSchema, verbs, suffix: title(name) }) : [];
}

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
  const everywhere: Place = {
    definition,
    findBodyType,
    collection: `${root}/${plural}`,
    scope: [],
    noun: kind,
    reach: 'ForAllNamespaces',
  };
  const verbs = definition.verbs.filter((verb) => verb !== 'create');
  return [
    ...collectionOperations(place),
    ...(namespaced ? listEverywhere(everywhere) : []),
    ...objectOperations(place, { path: `${place.collection}/{name}`, kind: definition, verbs, suffix: '' }),
    ...subresourcesOf(definition, subresources).flatMap((subresource) => subresourceOperations(place, subresource)),
    ...watchOperations(place),
    ...(namespaced ? watchOperations(everywhere) : []),
  ];
}
