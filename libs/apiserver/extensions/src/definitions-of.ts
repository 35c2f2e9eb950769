import {
  allVerbs,
  compareVersions,
  metaSchema,
  type ResourceDefinition,
  writersMetadata,
} from '@kubernest/definitions';
import type { CustomResourceDefinition } from '@kubernest/kinds';
import { atOnce, type Json, type KubeObject, type StructSchema } from '@kubernest/meta';
import { compileSchema } from '@kubernest/structural';
import { columnsOf } from './columns-of.ts';
import { asDeclared, type Convert, convertNames, type SchemaOf } from './conversion.ts';
import { customSchemaOf } from './custom-schema-of.ts';
import { type DeclaredVersion, propsOf, type Scale, type Version } from './declared-version.ts';
import { finalizerWarnings } from './finalizer-warnings.ts';
import { firstAt } from './json-path/first-at.ts';
import { parseJsonPath } from './json-path/parse.ts';

/** Why nothing is made any more of a kind that goes. */
export const TERMINATING = 'create not allowed while custom resource definition is terminating';

/**
 * Pure: the definitions of all versions that are served, the preferred one first. Schemas are compiled when they are first asked for. The names
 * are those that were accepted. `convert`: between the versions; in name alone unless given.
 */
export function definitionsOf(
  crd: CustomResourceDefinition,
  convert: Convert = convertNames,
): readonly ResourceDefinition[] {
  const { group, versions } = crd.spec;
  const schemas = new Map(versions.map((each) => [`${group}/${each.name}`, once(() => compiled(crd, each))]));
  const schemaOf: SchemaOf = (apiVersion) => schemas.get(apiVersion)?.();
  return versions
    .filter(({ served }) => served)
    .sort((a, b) => compareVersions(a.name, b.name))
    .map((version) => {
      const schema = schemas.get(`${group}/${version.name}`)!;
      return definitionOf({ crd, version, schema, convert, schemaOf });
    });
}

function definitionOf({
  crd,
  version,
  schema,
  convert,
  schemaOf,
}: DeclaredVersion & { readonly convert: Convert; readonly schemaOf: SchemaOf }): ResourceDefinition {
  const { group, scope, names: wanted, versions } = crd.spec;
  const names = crd.status?.acceptedNames?.plural ? crd.status.acceptedNames : wanted;
  const { plural, kind, listKind, shortNames, categories } = names;
  const singular = names.singular || kind.toLowerCase();
  const stored = versions.find(({ storage }) => storage)!.name;
  return {
    group,
    version: version.name,
    kind,
    plural,
    singular,
    ...(listKind && { listKind }),
    ...(shortNames?.length && { shortNames }),
    ...(categories?.length && { categories }),
    namespaced: scope === 'Namespaced',
    get schema() {
      return schema();
    },
    verbs: allVerbs,
    ...(crd.metadata.deletionTimestamp && { takesNoNew: TERMINATING }),
    storage: {
      group,
      plural,
      apiVersion: `${group}/${stored}`,
      versions: versions.map(({ name }) => `${group}/${name}`),
      convert,
      *asDeclared(object, isStored) {
        const known = schemaOf(object.apiVersion ?? '');
        return known ? yield* asDeclared(known, object, isStored) : object;
      },
      since: crd.metadata.resourceVersion!,
    },
    statusSubresource: !!version.subresources?.status,
    statusKeeps: writersMetadata,
    ...(version.subresources?.scale && { scale: scaleOf(version.subresources.scale) }),
    tracksGeneration: true,
    allowUnconditionalUpdate: false,
    selectableFields: selectableFieldsOf(version),
    ...(version.deprecated && { deprecated: { warning: deprecationOf(crd, version) } }),
    warnings: (object, { old }) => finalizerWarnings(object, old),
    columns: columnsOf(version),
    customSchema: customSchemaOf({ crd, version, schema }),
    example: { apiVersion: `${group}/${version.name}`, kind, metadata: { name: singular } },
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function compiled({ spec: { group, names } }: CustomResourceDefinition, version: Version): StructSchema {
  const objectMeta = metaSchema('ObjectMeta') as StructSchema;
  const definitionName = `${group.split('.').reverse().join('.')}.${version.name}.${names.kind}`;
  return atOnce(compileSchema(propsOf(version), { objectMeta, name: definitionName }));
}

const withoutDot = (path: string): string => path.replace(/^\./, '');

function scaleOf({
  specReplicasPath,
  statusReplicasPath,
  labelSelectorPath,
}: Scale): NonNullable<ResourceDefinition['scale']> {
  return {
    specReplicas: withoutDot(specReplicasPath),
    statusReplicas: withoutDot(statusReplicasPath),
    ...(labelSelectorPath && { selector: withoutDot(labelSelectorPath) }),
  };
}

function selectableFieldsOf({ selectableFields = [] }: Version): NonNullable<ResourceDefinition['selectableFields']> {
  return Object.fromEntries(
    selectableFields.map(({ jsonPath }) => {
      const path = parseJsonPath(jsonPath) ?? [];
      const read = (object: KubeObject): string => textOf(atOnce(firstAt(object as unknown as Json, path)));
      return [withoutDot(jsonPath), read];
    }),
  );
}

const textOf = (value: Json | undefined): string =>
  value === undefined || value === null || typeof value === 'object' ? '' : String(value);

/** compat: names the best version that is newer and fine, where there is one. */
function deprecationOf({ spec: { group, names, versions } }: CustomResourceDefinition, version: Version): string {
  if (version.deprecationWarning !== undefined) return version.deprecationWarning;
  const [better] = versions
    .filter(({ served, deprecated, name }) => served && !deprecated && compareVersions(name, version.name) < 0)
    .sort((a, b) => compareVersions(a.name, b.name));
  const instead = better ? `; use ${group}/${better.name} ${names.kind}` : '';
  return `${group}/${version.name} ${names.kind} is deprecated${instead}`;
}
