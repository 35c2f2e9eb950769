import type { OpenApiSchema } from '@kubernest/definitions';
import { isObject, type Json, type Steps } from '@kubernest/meta';
import { objectsIn } from './known-fields.ts';
import type { OpenApiPart } from './open-api-v2.ts';

/** The OpenAPI v3 document of a backend that has v2 alone, in which less can be said. In steps, as there may be thousands of paths. */
export function* version2As3({ paths, definitions }: OpenApiPart): Steps<OpenApiSchema> {
  const schemas = yield* eachIn(definitions, schemaOf);
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'unversioned' },
    paths: yield* eachIn(paths, pathItem),
    components: { schemas },
  };
}

function* eachIn(
  all: Readonly<Record<string, OpenApiSchema>>,
  made: (each: OpenApiSchema) => Json,
): Steps<OpenApiSchema> {
  const entries: [string, Json][] = [];
  for (const [name, each] of Object.entries(all)) {
    entries.push([name, made(each)]);
    yield;
  }
  return Object.fromEntries(entries);
}

const pathItem = (item: OpenApiSchema): OpenApiSchema =>
  Object.fromEntries(objectsIn(item).map(([method, operation]) => [method, operationOf(operation)]));

function operationOf({ parameters, responses, consumes, produces, schemes: _, ...same }: OpenApiSchema): OpenApiSchema {
  const all = (Array.isArray(parameters) ? parameters : []).filter(isObject);
  const body = all.find((each) => each['in'] === 'body');
  const others = all.filter((each) => each !== body).map(parameterOf);
  return {
    ...same,
    ...(others.length > 0 && { parameters: others }),
    ...(body && { requestBody: { content: contentOf(body['schema'], consumes) } }),
    responses: Object.fromEntries(objectsIn(responses).map(([code, each]) => [code, responseOf(each, produces)])),
  };
}

/** What it is like stood beside where it stands. */
function parameterOf({ type, format, uniqueItems, ...same }: OpenApiSchema): OpenApiSchema {
  const schema = { type, format, uniqueItems };
  const told = Object.entries(schema).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return { ...same, schema: Object.fromEntries(told) };
}

const responseOf = ({ description = '', schema }: OpenApiSchema, produces: Json | undefined): OpenApiSchema => ({
  description,
  ...(schema !== undefined && { content: contentOf(schema, produces) }),
});

const contentOf = (schema: Json | undefined, types: Json | undefined): OpenApiSchema =>
  Object.fromEntries((Array.isArray(types) ? types : []).map((type) => [String(type), { schema: schemaOf(schema) }]));

const [V2, V3] = ['#/definitions/', '#/components/schemas/'];

/** A reference stands alone: what is said beside it is said of all that it means. */
function schemaOf(value: Json | undefined): Json {
  if (Array.isArray(value)) return value.map(schemaOf);
  if (!isObject(value)) return value ?? {};
  const { $ref, ...rest } = value;
  const others = Object.fromEntries(Object.entries(rest).map(([key, each]) => [key, schemaOf(each)]));
  if (typeof $ref !== 'string') return $ref === undefined ? others : { ...others, $ref: schemaOf($ref) };
  const reference = { $ref: $ref.startsWith(V2) ? V3 + $ref.slice(V2.length) : $ref };
  return Object.keys(others).length === 0 ? reference : { ...others, allOf: [reference] };
}
