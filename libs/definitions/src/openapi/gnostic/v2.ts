import type { Json, StructSchema } from '@kubernest/meta';
import { encodeMessage } from '../../protobuf/index.ts';
import type { OpenApiSchema } from '../openapi-schemas.ts';
import { documentOf } from './messages.ts';
import { any, extensions, pairs } from './named.ts';
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
  if (from['in'] === 'body')
    return { parameter: { body: { ...from, schema: schema(from['schema'] as OpenApiSchema) } } };
  return { parameter: { nonBody: from['in'] === 'path' ? { path: from } : { query: from } } };
}

function response(from: OpenApiSchema): unknown {
  const shape = from['schema'] as OpenApiSchema | undefined;
  return { response: { description: from['description'], ...(shape && { schema: { schema: schema(shape) } }) } };
}

function operation(from: OpenApiSchema): unknown {
  return {
    ...from,
    parameters: (from['parameters'] as OpenApiSchema[]).map(parameter),
    responses: { code: pairs(from['responses'], response) },
    extensions: extensions(from),
  };
}

function pathItem(from: OpenApiSchema): unknown {
  return Object.fromEntries(Object.entries(from).map(([method, value]) => [method, operation(value as OpenApiSchema)]));
}

/** An OpenAPI v2 document as kubectl up to 1.27 insists on it: `application/com.github.proto-openapi.spec.v2@v1.0+protobuf`. */
export function openApiV2Protobuf(document: OpenApiSchema): Buffer {
  messages ??= documentOf(v2Messages);
  return encodeMessage(messages, {
    swagger: document['swagger'],
    info: document['info'],
    paths: { path: pairs(document['paths'], pathItem) },
    definitions: { all: pairs(document['definitions'], schema) },
  });
}
