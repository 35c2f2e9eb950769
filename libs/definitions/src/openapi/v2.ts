import type { ResourceDefinition } from '../definition.ts';
import { type OpenApiSchema, OpenApiSchemas } from './openapi-schemas.ts';
import type { Operation } from './operation.ts';
import { operationsOf } from './operations.ts';
import type { Parameter } from './parameters.ts';
import { bodyMedia, nameMetaKinds, type OpenApiOptions, patchMedia, payloadSchema, sorted } from './v3.ts';

function parameter({ name, in: place, type, description, required }: Parameter): OpenApiSchema {
  return { name, in: place, type, description, uniqueItems: true, ...(required && { required }) };
}

function bodyParameter(schemas: OpenApiSchemas, op: Operation): OpenApiSchema[] {
  if (!op.body) return [];
  if (op.body === 'patch') schemas.definitions['io.k8s.apimachinery.pkg.apis.meta.v1.Patch'] ??= { type: 'object' };
  const schema =
    op.body === 'patch'
      ? schemas.reference('io.k8s.apimachinery.pkg.apis.meta.v1.Patch')
      : payloadSchema(schemas, op.body);
  return [{ name: 'body', in: 'body', schema, ...(op.method !== 'delete' && { required: true }) }];
}

function operation(schemas: OpenApiSchemas, op: Operation): OpenApiSchema {
  const schema = payloadSchema(schemas, op.answer);
  return {
    tags: [op.tag],
    operationId: op.id,
    consumes: op.body === 'patch' ? patchMedia : ['*/*'],
    produces: op.answer === 'text' ? ['*/*'] : bodyMedia,
    parameters: [...bodyParameter(schemas, op), ...op.parameters.map(parameter)],
    responses: {
      200: { description: 'OK', schema },
      ...(op.created && { 201: { description: 'Created', schema } }),
      ...(op.accepted && { 202: { description: 'Accepted', schema } }),
      401: { description: 'Unauthorized' },
    },
    'x-kubernetes-action': op.action,
    'x-kubernetes-group-version-kind': { ...op.type },
  };
}

/** Everything in one Swagger 2.0 document. */
export function openApiV2(
  definitions: readonly ResourceDefinition[],
  { version, descriptions, ...surroundings }: OpenApiOptions,
): OpenApiSchema {
  const schemas = new OpenApiSchemas('v2', descriptions);
  const paths: Record<string, OpenApiSchema> = {};
  for (const definition of definitions)
    for (const op of operationsOf(definition, surroundings)) {
      paths[op.path] ??= {};
      paths[op.path]![op.method] = operation(schemas, op);
    }
  nameMetaKinds(schemas, definitions);
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version },
    paths: sorted(paths),
    definitions: sorted(schemas.definitions),
  };
}
