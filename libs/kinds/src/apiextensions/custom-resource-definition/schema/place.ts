import type { JsonSchemaProps } from '@kubernest/structural';
import { isSchema } from './schemas-in.ts';

/** Where a schema stands in a definition's. */
export interface Place {
  readonly path: string;
  readonly isRoot?: boolean;
  /** Why no default may stand here; undefined where one may. */
  readonly noDefaults?: string;
  /** It describes metadata, a kind or an API version. */
  readonly isInMeta?: boolean;
  /** The nearest list or map to the root of which nobody can tell what its items were before. */
  readonly uncorrelated?: string;
  /** Its rules hold: not of those of a condition. */
  readonly hasRules: boolean;
}

export interface Child {
  readonly schema: JsonSchemaProps;
  readonly place: Place;
}

const ofEveryObject: ReadonlySet<string> = new Set(['metadata', 'kind', 'apiVersion']);

/** The schemas right within one, in the order in which their faults are told. */
export function* childrenOf(schema: JsonSchemaProps, place: Place): Generator<Child> {
  const { additionalProperties, properties, not, items } = schema;
  if (isSchema(additionalProperties))
    yield { schema: additionalProperties, place: placeOfOthers(below(place, 'additionalProperties')) };
  if (properties) yield* members(schema, properties, place);
  if (isSchema(not)) yield { schema: not, place: condition(place, 'not') };
  for (const junctor of ['allOf', 'oneOf', 'anyOf'] as const)
    for (const [i, each] of schema[junctor]?.entries() ?? [])
      yield { schema: each, place: condition(place, `${junctor}[${i}]`) };
  yield* named(schema, 'definitions', place);
  if (items) yield* itemSchemas(schema, place);
  yield* named(schema, 'dependencies', place);
}

function* named(schema: JsonSchemaProps, keyword: 'definitions' | 'dependencies', place: Place): Generator<Child> {
  for (const name of Object.keys(schema[keyword] ?? {})) {
    const each: unknown = schema[keyword]![name];
    if (isSchema(each)) yield { schema: each, place: condition(place, `${keyword}[${name}]`) };
  }
}

const below = (place: Place, keyword: string): Place => ({ ...place, path: `${place.path}.${keyword}`, isRoot: false });
const condition = (place: Place, keyword: string): Place => ({ ...below(place, keyword), hasRules: false });

const placeOfOthers = (place: Place): Place =>
  place.isInMeta ? { ...place, noDefaults: 'inside additionalProperties applying to object metadata' } : place;

function* members(
  schema: JsonSchemaProps,
  properties: NonNullable<JsonSchemaProps['properties']>,
  place: Place,
): Generator<Child> {
  const isResource = place.isRoot || schema['x-kubernetes-embedded-resource'];
  const isKept = ['atomic', 'granular'].includes(schema['x-kubernetes-map-type'] ?? 'granular');
  const at = isKept ? place : unrelated(place);
  for (const [name, member] of Object.entries(properties)) {
    const own = below(at, `properties[${name}]`);
    if (!isResource || !ofEveryObject.has(name)) yield { schema: member, place: own };
    else {
      const meta = { ...own, isInMeta: true };
      yield { schema: member, place: place.isRoot ? { ...meta, noDefaults: `in top-level ${name}` } : meta };
    }
  }
}

function* itemSchemas(schema: JsonSchemaProps, place: Place): Generator<Child> {
  const at = schema['x-kubernetes-list-type'] === 'map' ? place : unrelated(place);
  const { items: all } = schema;
  if (Array.isArray(all))
    for (const [i, each] of (all as JsonSchemaProps[]).entries())
      yield { schema: each, place: below(at, `items[${i}]`) };
  else if (isSchema(all)) yield { schema: all, place: below(at, 'items') };
}

const unrelated = (place: Place): Place => ({ ...place, uncorrelated: place.uncorrelated ?? place.path });
