import type { Json } from '@kubernest/meta';
import type { ResourceDefinition } from '../definition.ts';
import { inGroupVersion } from '../discovery-documents/versions.ts';
import { groupTitle, rootPath } from './names.ts';
import { type Descriptions, type OpenApiSchema, OpenApiSchemas } from './openapi-schemas.ts';
import type { Operation, Payload } from './operation.ts';
import { operationsOf, type Surroundings } from './operations.ts';
import type { Parameter } from './parameters.ts';

export interface OpenApiOptions extends Surroundings {
  /** `v1.36.0` */
  readonly version: string;
  readonly descriptions: Descriptions;
}

export const bodyMedia = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
export const patchMedia = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

/** The schema of what is sent or answered, added to the document's schemas with all that it needs. */
export function payloadSchema(schemas: OpenApiSchemas, payload: Payload): OpenApiSchema {
  if (payload === 'text') return { type: 'string' };
  if ('kind' in payload) return schemas.addKind(payload.kind);
  return 'list' in payload ? schemas.addList(payload.list) : schemas.addMeta(payload.meta);
}

/** Options of a delete and the Status that answers it are named as kinds of every version that is served. */
export function nameMetaKinds(schemas: OpenApiSchemas, served: readonly ResourceDefinition[]): void {
  const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
  if (schemas.definitions[`${meta}.Status`])
    schemas.addGroupVersionKind(`${meta}.Status`, { group: '', version: 'v1', kind: 'Status' });
  if (schemas.definitions[`${meta}.DeleteOptions`])
    for (const { group, version } of served)
      schemas.addGroupVersionKind(`${meta}.DeleteOptions`, { group, version, kind: 'DeleteOptions' });
}

function parameter({ name, in: place, type, description, required }: Parameter): OpenApiSchema {
  return { name, in: place, description, ...(required && { required }), schema: { type, uniqueItems: true } };
}

function content(types: readonly string[], schema: OpenApiSchema): OpenApiSchema {
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}

function operation(schemas: OpenApiSchemas, op: Operation): OpenApiSchema {
  const answer = {
    description: 'OK',
    content: content(op.answer === 'text' ? ['*/*'] : bodyMedia, payloadSchema(schemas, op.answer)),
  };
  const body =
    op.body &&
    (op.body === 'patch'
      ? content(patchMedia, schemas.reference('io.k8s.apimachinery.pkg.apis.meta.v1.Patch'))
      : content(['*/*'], payloadSchema(schemas, op.body)));
  if (op.body === 'patch') schemas.definitions['io.k8s.apimachinery.pkg.apis.meta.v1.Patch'] ??= { type: 'object' };
  return {
    tags: [op.tag],
    operationId: op.id,
    ...(op.parameters.length && { parameters: op.parameters.map(parameter) }),
    ...(body && { requestBody: { content: body, ...(op.method !== 'delete' && { required: true }) } }),
    responses: {
      200: answer,
      ...(op.created && { 201: { ...answer, description: 'Created' } }),
      ...(op.accepted && { 202: { ...answer, description: 'Accepted' } }),
      401: { description: 'Unauthorized' },
    },
    'x-kubernetes-action': op.action,
    'x-kubernetes-group-version-kind': { ...op.type },
  };
}

/** The document of one group and version; undefined where nothing is served. */
export function openApiV3(
  definitions: readonly ResourceDefinition[],
  gv: { readonly group: string; readonly version: string },
  { version, descriptions, ...surroundings }: OpenApiOptions,
): OpenApiSchema | undefined {
  const served = inGroupVersion(definitions, gv);
  if (served.length === 0) return undefined;
  const schemas = new OpenApiSchemas('v3', descriptions);
  const paths: Record<string, OpenApiSchema> = {};
  for (const definition of served)
    for (const op of operationsOf(definition, surroundings)) {
      paths[op.path] ??= {};
      paths[op.path]![op.method] = operation(schemas, op);
    }
  nameMetaKinds(schemas, served);
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version, description: `${groupTitle(gv.group)} ${gv.version} below ${rootPath(gv)}` },
    paths,
    components: { schemas: sorted(schemas.definitions) },
  };
}

/** The same definitions in the same order make the same document, and so the same hash. */
export function sorted<T extends Json>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
