import type { OpenApiSchema } from '@kubernest/definitions';
import { isObject, type Json, type Steps } from '@kubernest/meta';
import type { GroupVersion } from '../backend.ts';
import { documentIn } from './document-in.ts';
import { fields, isVast, objectsIn, type Reader, record, string, strings, yes } from './known-fields.ts';
import { readSchema } from './open-api-schema.ts';

/** What one backend adds to the Swagger document of the whole API. */
export interface OpenApiPart {
  readonly paths: Readonly<Record<string, OpenApiSchema>>;
  readonly definitions: Readonly<Record<string, OpenApiSchema>>;
}

const methods = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch']);

/**
 * Of a backend's `/openapi/v2` what is about one group-version: its paths, and the definitions that these need. Only what OpenAPI knows is
 * taken, so that whoever reads the whole finds what he expects; of a single thing that is vast it is not said what is in it. Throws where it
 * is no such document.
 */
export function* partOf(body: Buffer, { group, version }: GroupVersion): Steps<OpenApiPart> {
  const document = yield* documentIn(body);
  if (!isObject(document) || typeof document['swagger'] !== 'string') throw new Error('it is no Swagger document');
  const shared = record(document['parameters'], (value) => value) ?? {};
  const root = `/apis/${group}/${version}/`;
  const paths = new Map<string, OpenApiSchema>();
  for (const [path, item] of objectsIn(document['paths'])) {
    if (!path.startsWith(root) || isVast(item)) continue;
    paths.set(path, pathItem(item, shared));
    yield;
  }
  const all = isObject(document['definitions']) ? document['definitions'] : {};
  return { paths: Object.fromEntries(paths), definitions: yield* neededBy([...paths.values()], all) };
}

function pathItem(item: OpenApiSchema, shared: OpenApiSchema): OpenApiSchema {
  const ofAll = parametersIn(item['parameters'], shared);
  return Object.fromEntries(
    objectsIn(item)
      .filter(([method]) => methods.has(method))
      .map(([method, operation]) => [method, operationOf(operation, ofAll, shared)]),
  );
}

const operationFields: Readonly<Record<string, Reader>> = {
  tags: strings,
  operationId: string,
  summary: string,
  description: string,
  consumes: strings,
  produces: strings,
  schemes: strings,
  deprecated: yes,
};

function operationOf(from: OpenApiSchema, ofPath: readonly OpenApiSchema[], shared: OpenApiSchema): OpenApiSchema {
  const responses = record(from['responses'], (each) =>
    isObject(each) ? fields(each, { description: string, schema: readSchema }) : undefined,
  );
  return {
    ...fields(from, operationFields),
    parameters: [...ofPath, ...parametersIn(from['parameters'], shared)],
    responses: responses ?? {},
  };
}

const parameterFields: Readonly<Record<string, Reader>> = {
  name: string,
  in: string,
  type: string,
  format: string,
  description: string,
  required: yes,
  uniqueItems: yes,
};
const places = new Set<Json | undefined>(['query', 'path']);

/** Those that are named once for all are put where they are meant. */
function parametersIn(value: Json | undefined, shared: OpenApiSchema): OpenApiSchema[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each) => {
    const named = isObject(each) && typeof each['$ref'] === 'string' ? each['$ref'] : '';
    const from = named.startsWith('#/parameters/') ? shared[named.slice('#/parameters/'.length)] : each;
    if (!isObject(from)) return [];
    if (from['in'] === 'body') return [{ ...fields(from, parameterFields), schema: readSchema(from['schema']) ?? {} }];
    return places.has(from['in']) ? [fields(from, parameterFields)] : [];
  });
}

const DEFINITIONS = '#/definitions/';

function* neededBy(paths: readonly OpenApiSchema[], all: OpenApiSchema): Steps<OpenApiPart['definitions']> {
  const needed = new Map<string, OpenApiSchema>();
  const waiting: string[] = [];
  for (const path of paths) {
    for (const name of namesIn(path)) waiting.push(name);
    yield;
  }
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (needed.has(name)) continue;
    const schema = (Object.hasOwn(all, name) && !isVast(all[name]) ? readSchema(all[name]) : undefined) ?? {
      type: 'object',
    };
    needed.set(name, schema as OpenApiSchema);
    for (const next of namesIn(schema)) if (!needed.has(next)) waiting.push(next);
    yield;
  }
  return Object.fromEntries([...needed].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function namesIn(value: Json | Readonly<Record<string, Json>>): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    key === '$ref' && typeof each === 'string' && each.startsWith(DEFINITIONS)
      ? [each.slice(DEFINITIONS.length)]
      : namesIn(each),
  );
}

/** The same with every definition under the name that `named` gives it. */
export function renamed<T extends Json>(value: T, named: (name: string) => string): T {
  const walk = (each: Json): Json => {
    if (Array.isArray(each)) return each.map(walk);
    if (!isObject(each)) return each;
    return Object.fromEntries(
      Object.entries(each).map(([key, part]) =>
        key === '$ref' && typeof part === 'string' && part.startsWith(DEFINITIONS)
          ? [key, DEFINITIONS + named(part.slice(DEFINITIONS.length))]
          : [key, walk(part)],
      ),
    );
  };
  return walk(value) as T;
}
