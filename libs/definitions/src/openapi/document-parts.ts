import type { ResourceDefinition } from '../definition.ts';
import { groupsOf, inGroupVersion } from '../discovery-documents/index.ts';
import { fixedOperations, groupOperation, resourcesOperation } from './discovery.operations.ts';
import { rootPath } from './names.ts';
import type { Operation } from './operation.ts';
import { operationsOf, type Surroundings } from './operations.ts';

/** What one document of version 3 is made of, and version 2 all of together. */
export interface DocumentPart {
  /** Below `/openapi/v3/`: `api/v1`, `apis/apps`, `version`. */
  readonly path: string;
  /** What it describes: another list, or another member, and it is another document. */
  readonly definitions: readonly ResourceDefinition[];
  /** A definition's at a time. */
  operations(): Iterable<readonly Operation[]>;
}

export interface Described extends Surroundings {
  readonly definitions: readonly ResourceDefinition[];
  /** Paths that are answered beside: `/openid/v1/jwks`. */
  readonly documents: readonly string[];
}

const isBuiltIn = ({ customSchema }: ResourceDefinition): boolean => !customSchema;

/** In the order of discovery. compat: nothing tells of discovery itself in a group of custom kinds alone. */
export function documentParts({ definitions, documents, ...surroundings }: Described): readonly DocumentPart[] {
  const parts = fixedOperations(documents).map((operation) => partOf(operation.path.slice(1, -1), operation));
  for (const { group, versions } of groupsOf(definitions)) {
    const ofVersions = versions.map((version) => inGroupVersion(definitions, { group, version }));
    if (group !== '' && ofVersions.some((served) => served.some(isBuiltIn)))
      parts.push(partOf(`apis/${group}`, groupOperation(group)));
    parts.push(...ofVersions.map((served) => versionPart(served, surroundings)));
  }
  return parts;
}

const none: readonly ResourceDefinition[] = [];
const partOf = (path: string, operation: Operation): DocumentPart => ({
  path,
  definitions: none,
  operations: () => [[operation]],
});

function versionPart(served: readonly ResourceDefinition[], surroundings: Surroundings): DocumentPart {
  const gv = served[0]!;
  return {
    path: rootPath(gv).slice(1),
    definitions: served,
    *operations() {
      if (served.some(isBuiltIn)) yield [resourcesOperation(gv)];
      for (const definition of served) yield operationsOf(definition, surroundings);
    },
  };
}
