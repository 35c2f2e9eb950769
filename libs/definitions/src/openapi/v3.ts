import type { Json, Steps } from '@kubernest/meta';
import type { DocumentPart } from './document-parts.ts';
import { type Descriptions, type OpenApiSchema, OpenApiSchemas } from './openapi-schemas.ts';
import type { Body, Operation } from './operation.ts';
import type { Parameter } from './parameters.ts';
import { pathItems } from './path-items.ts';
import { nameMetaKinds, payloadSchema } from './payload.ts';

export interface OpenApiOptions {
  /** `v1.36.0` */
  readonly version: string;
  readonly descriptions: Descriptions;
}

/** How clients say who they are. */
export const bearerToken = {
  description: 'Bearer Token authentication',
  type: 'apiKey',
  name: 'authorization',
  in: 'header',
};

function parameter({ name, in: place, type, description, required }: Parameter): OpenApiSchema {
  return { name, in: place, description, ...(required && { required }), schema: { type, uniqueItems: true } };
}

function content(types: readonly string[], schema: OpenApiSchema): OpenApiSchema {
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}

function requestBody(schemas: OpenApiSchemas, { payload, media, required }: Body): OpenApiSchema {
  return { content: content(media, payloadSchema(schemas, payload)), ...(required && { required }) };
}

function operation(schemas: OpenApiSchemas, op: Operation): OpenApiSchema {
  const answer = { description: 'OK', content: content(op.media, payloadSchema(schemas, op.answer)) };
  return {
    tags: [op.tag],
    description: op.description,
    operationId: op.id,
    ...(op.parameters.length && { parameters: op.parameters.map(parameter) }),
    ...(op.body && { requestBody: requestBody(schemas, op.body) }),
    responses: {
      200: answer,
      ...(op.created && { 201: { ...answer, description: 'Created' } }),
      ...(op.accepted && { 202: { ...answer, description: 'Accepted' } }),
      401: { description: 'Unauthorized' },
    },
    ...(op.action && { 'x-kubernetes-action': op.action }),
    ...(op.type && { 'x-kubernetes-group-version-kind': { ...op.type } }),
  };
}

/** The document of one part of the API. */
export function* openApiV3(part: DocumentPart, { version, descriptions }: OpenApiOptions): Steps<OpenApiSchema> {
  const schemas = new OpenApiSchemas('v3', descriptions);
  const paths = yield* pathItems([part], schemas, { operation, parameter });
  nameMetaKinds(schemas, [part]);
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version },
    paths,
    components: { schemas: sorted(schemas.definitions), securitySchemes: { BearerToken: bearerToken } },
  };
}

/** The same definitions in the same order make the same document, and so the same hash. */
export function sorted<T extends Json>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
