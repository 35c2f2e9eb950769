import type { Json, Steps, StructSchema } from '@kubernest/meta';
import { encodeMessageInSteps } from '../../protobuf/index.ts';
import type { OpenApiSchema } from '../openapi-schemas.ts';
import { documentOf } from './messages.ts';
import { any, extensions, pairs, pairsInSteps } from './named.ts';
import { v3Messages } from './v3-messages.ts';

let messages: StructSchema | undefined;

function schema(from: OpenApiSchema): unknown {
  if (from['$ref']) return { reference: { ref: from['$ref'] } };
  const { properties, additionalProperties, items } = from;
  return {
    schema: {
      ...from,
      enum: (from['enum'] as Json[] | undefined)?.map(any),
      allOf: (from['allOf'] as OpenApiSchema[] | undefined)?.map(schema),
      oneOf: (from['oneOf'] as OpenApiSchema[] | undefined)?.map(schema),
      items: items && { schema: [schema(items as OpenApiSchema)] },
      properties: properties && { all: pairs(properties, schema) },
      additionalProperties: additionalProperties && { schema: schema(additionalProperties as OpenApiSchema) },
      default: from['default'] === undefined ? undefined : defaultOf(from['default']),
      extensions: extensions(from),
    },
  };
}

/** compat: of a default that is a list or an object it is said only that there is one. */
function defaultOf(value: Json): Readonly<Record<string, Json>> {
  const type = typeof value === 'bigint' ? 'number' : typeof value;
  return type === 'number' || type === 'boolean' || type === 'string' ? { [type]: value } : {};
}

const content = (from: Json | undefined) =>
  from && { all: pairs(from, (media) => ({ schema: schema(media['schema'] as OpenApiSchema) })) };

const parameters = (from: Json | undefined) =>
  (from as OpenApiSchema[] | undefined)?.map((each) => ({
    parameter: { ...each, schema: schema(each['schema'] as OpenApiSchema) },
  }));

function operation(from: OpenApiSchema): unknown {
  const body = from['requestBody'] as OpenApiSchema | undefined;
  return {
    ...from,
    parameters: parameters(from['parameters']),
    requestBody: body && { requestBody: { ...body, content: content(body['content']) } },
    responses: {
      responses: pairs(from['responses'], (each) => ({ response: { ...each, content: content(each['content']) } })),
    },
    extensions: extensions(from),
  };
}

function pathItem({ parameters: shared, ...methods }: OpenApiSchema): unknown {
  const operations = Object.entries(methods).map(([method, value]) => [method, operation(value as OpenApiSchema)]);
  return { ...Object.fromEntries(operations), parameters: parameters(shared) };
}

/** An OpenAPI v3 document as gnostic has it in protobuf: `application/com.github.proto-openapi.spec.v3.v1.0+protobuf`. */
export function* openApiV3Protobuf(document: OpenApiSchema): Steps<Buffer> {
  messages ??= documentOf(v3Messages);
  const { schemas, securitySchemes } = document['components'] as OpenApiSchema;
  return yield* encodeMessageInSteps(messages, {
    openapi: document['openapi'],
    info: document['info'],
    paths: { path: yield* pairsInSteps(document['paths'], pathItem) },
    components: {
      schemas: { all: yield* pairsInSteps(schemas, schema) },
      ...(securitySchemes && {
        securitySchemes: { all: pairs(securitySchemes, (securityScheme) => ({ securityScheme })) },
      }),
    },
  });
}
