import type { Json, Steps, StructSchema } from '@kubernest/meta';
import { encodeMessageInSteps } from '../../protobuf/index.ts';
import type { OpenApiSchema } from '../openapi-schemas.ts';
import { documentOf } from './messages.ts';
import { any, extensions, pairs, pairsInSteps } from './named.ts';
import { v2Messages } from './v2-messages.ts';

let messages: StructSchema | undefined;

function schema(from: OpenApiSchema): Record<string, unknown> {
  return {
    ref: from['$ref'],
    format: from['format'],
    description: from['description'],
    required: from['required'],
    enum: (from['enum'] as Json[] | undefined)?.map(any),
    additionalProperties: from['additionalProperties'] && {
      schema: schema(from['additionalProperties'] as OpenApiSchema),
    },
    type: from['type'] && { value: [from['type']] },
    items: from['items'] && { schema: [schema(from['items'] as OpenApiSchema)] },
    properties: from['properties'] && { all: pairs(from['properties'], schema) },
    extensions: extensions(from),
  };
}

function parameter(from: OpenApiSchema): unknown {
  if (from['in'] === 'body') return { body: { ...from, schema: schema(from['schema'] as OpenApiSchema) } };
  return { nonBody: from['in'] === 'path' ? { path: from } : { query: from } };
}

const parameters = (from: Json | undefined): unknown =>
  (from as OpenApiSchema[] | undefined)?.map((each) =>
    each['$ref'] ? { jsonReference: { ref: each['$ref'] } } : { parameter: parameter(each) },
  );

function response(from: OpenApiSchema): unknown {
  const shape = from['schema'] as OpenApiSchema | undefined;
  return { response: { description: from['description'], ...(shape && { schema: { schema: schema(shape) } }) } };
}

function operation(from: OpenApiSchema): unknown {
  return {
    ...from,
    parameters: parameters(from['parameters']),
    responses: { code: pairs(from['responses'], response) },
    extensions: extensions(from),
  };
}

function pathItem({ parameters: shared, ...methods }: OpenApiSchema): unknown {
  const operations = Object.entries(methods).map(([method, value]) => [method, operation(value as OpenApiSchema)]);
  return { ...Object.fromEntries(operations), parameters: parameters(shared) };
}

const requirement = (from: OpenApiSchema): unknown => ({ all: pairs(from, (scopes) => ({ value: scopes })) });

/** An OpenAPI v2 document as kubectl up to 1.27 insists on it: `application/com.github.proto-openapi.spec.v2@v1.0+protobuf`. */
export function* openApiV2Protobuf(document: OpenApiSchema): Steps<Buffer> {
  messages ??= documentOf(v2Messages);
  return yield* encodeMessageInSteps(messages, {
    swagger: document['swagger'],
    info: document['info'],
    paths: { path: yield* pairsInSteps(document['paths'], pathItem) },
    definitions: { all: yield* pairsInSteps(document['definitions'], schema) },
    parameters: { all: pairs(document['parameters'], parameter) },
    security: (document['security'] as OpenApiSchema[]).map(requirement),
    securityDefinitions: { all: pairs(document['securityDefinitions'], (apiKeySecurity) => ({ apiKeySecurity })) },
  });
}
