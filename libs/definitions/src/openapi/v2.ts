import type { ResourceDefinition } from '../definition.ts';
import { type Operation, operationsOf } from './operations.ts';
import type { Parameter } from './parameters.ts';
import { type OpenApiSchema, SchemaBook } from './schema-book.ts';
import { bodyMedia, nameMetaKinds, type OpenApiOptions, patchMedia, payloadSchema, sorted } from './v3.ts';

function parameter({ name, in: place, type, description, required }: Parameter): OpenApiSchema {
  return { name, in: place, type, description, uniqueItems: true, ...(required && { required }) };
}

function bodyParameter(book: SchemaBook, op: Operation): OpenApiSchema[] {
  if (!op.body) return [];
  if (op.body === 'patch') book.definitions['io.k8s.apimachinery.pkg.apis.meta.v1.Patch'] ??= { type: 'object' };
  const schema =
    op.body === 'patch' ? book.reference('io.k8s.apimachinery.pkg.apis.meta.v1.Patch') : payloadSchema(book, op.body);
  return [{ name: 'body', in: 'body', schema, ...(op.method !== 'delete' && { required: true }) }];
}

function operation(book: SchemaBook, op: Operation): OpenApiSchema {
  const schema = payloadSchema(book, op.answer);
  return {
    tags: [op.tag],
    operationId: op.id,
    consumes: op.body === 'patch' ? patchMedia : ['*/*'],
    produces: op.answer === 'text' ? ['*/*'] : bodyMedia,
    parameters: [...bodyParameter(book, op), ...op.parameters.map(parameter)],
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
  const book = new SchemaBook('v2', descriptions);
  const paths: Record<string, OpenApiSchema> = {};
  for (const definition of definitions)
    for (const op of operationsOf(definition, surroundings)) {
      paths[op.path] ??= {};
      paths[op.path]![op.method] = operation(book, op);
    }
  nameMetaKinds(book, definitions);
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version },
    paths: sorted(paths),
    definitions: sorted(book.definitions),
  };
}
