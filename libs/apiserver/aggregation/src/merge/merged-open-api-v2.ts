import { isDeepStrictEqual } from 'node:util';
import type { OpenApiSchema } from '@kubernest/definitions';
import { isObject, type JsonObject, type Steps } from '@kubernest/meta';
import { type OpenApiPart, renamed } from '../description/open-api-v2.ts';

/**
 * One Swagger document of all parts, which come in their order. A definition that is the same as one there is already is that one; another
 * of the same name gets the next free `<name>_v2`, `_v3`, … compat: of two that tell of one path the first is heard.
 */
export function* mergedOpenApiV2(own: OpenApiSchema, parts: readonly OpenApiPart[]): Steps<OpenApiSchema> {
  const paths = new Map(entriesOf(own['paths']));
  const definitions = new Map(entriesOf(own['definitions']));
  for (const part of parts) {
    const names = yield* namesFor(part, definitions);
    const named = (name: string) => names.get(name) ?? name;
    for (const [name, definition] of Object.entries(part.definitions)) {
      const known = definitions.get(named(name));
      const own = known ?? renamed(definition, named);
      definitions.set(named(name), withKinds(own, definition));
      yield;
    }
    for (const [path, item] of Object.entries(part.paths)) {
      if (!paths.has(path)) paths.set(path, renamed(item, named));
      yield;
    }
  }
  return { ...own, paths: sorted(paths), definitions: sorted(definitions) };
}

function* namesFor(
  { definitions }: OpenApiPart,
  known: ReadonlyMap<string, JsonObject>,
): Steps<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const [name, definition] of Object.entries(definitions)) {
    let free = name;
    for (let n = 2; isTaken(free, { name, definition, definitions, known }); n++) free = `${name}_v${n}`;
    if (free !== name) names.set(name, free);
    yield;
  }
  return names;
}

interface Wish extends Pick<OpenApiPart, 'definitions'> {
  readonly name: string;
  readonly definition: JsonObject;
  readonly known: ReadonlyMap<string, JsonObject>;
}

function isTaken(wished: string, { name, definition, definitions, known }: Wish): boolean {
  if (wished !== name && Object.hasOwn(definitions, wished)) return true;
  const there = known.get(wished);
  return there !== undefined && !isDeepStrictEqual(withoutKinds(there), withoutKinds(definition));
}

const KINDS = 'x-kubernetes-group-version-kind';

const withoutKinds = ({ [KINDS]: _, ...rest }: JsonObject): JsonObject => rest;

/** One type may be of many kinds, as the options of a delete are. */
function withKinds(definition: JsonObject, from: JsonObject): JsonObject {
  const more = from[KINDS];
  if (!Array.isArray(more)) return definition;
  const there = definition[KINDS];
  const kinds = Array.isArray(there) ? there : [];
  const known = new Set(kinds.map(kindKey));
  const added = more.filter((each) => !known.has(kindKey(each)));
  return added.length > 0 ? { ...definition, [KINDS]: [...kinds, ...added] } : definition;
}

/** What a kind is known by: a backend may say that one definition is of very many. */
function kindKey(kind: unknown): string {
  const { group, version, kind: name } = isObject(kind) ? kind : ({} as JsonObject);
  return [group, version, name].map((part) => (typeof part === 'string' ? part : '')).join('\n');
}

const entriesOf = (value: unknown): [string, JsonObject][] =>
  isObject(value) ? (Object.entries(value) as [string, JsonObject][]) : [];

const sorted = (all: ReadonlyMap<string, JsonObject>): JsonObject =>
  Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
