import { type Json, type Rests, type Steps, setKey } from '@kubernest/meta';
import { isAllOfIntOrString, isIntOrString } from '../int-or-string.ts';
import { defaultOf, entriesOf, hasOthers, isZero, itemsOf, type JsonSchemaProps, othersOf } from '../props.ts';

/** A schema as OpenAPI publishes it. */
export type OpenApiSchema = { [keyword: string]: Json };

/** What is published as it was declared, where it says anything. */
const copied = [
  'description',
  'type',
  'title',
  'externalDocs',
  'nullable',
  'format',
  'maximum',
  'exclusiveMaximum',
  'minimum',
  'exclusiveMinimum',
  'multipleOf',
  'maxLength',
  'minLength',
  'pattern',
  'maxItems',
  'minItems',
  'uniqueItems',
  'maxProperties',
  'minProperties',
  'enum',
  'required',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-embedded-resource',
  'x-kubernetes-int-or-string',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-list-type',
  'x-kubernetes-map-type',
  'x-kubernetes-validations',
] as const satisfies readonly (keyof JsonSchemaProps)[];

export const junctors = ['allOf', 'anyOf', 'oneOf'] as const;

/** A schema and all within as OpenAPI v3 has it. compat: an integer or string is also told as the two alternatives. Linear, in steps. */
export function* published(props: JsonSchemaProps, rests: Rests): Steps<OpenApiSchema> {
  const schema = yield* withParts(props, published, rests);
  const others = othersOf(props);
  if (others) schema['additionalProperties'] = yield* published(others, rests);
  else if (hasOthers(props)) schema['additionalProperties'] = props.additionalProperties as boolean;
  if (props['x-kubernetes-int-or-string'] && !isIntOrString(props.anyOf) && !isAllOfIntOrString(props.allOf))
    tellAlternatives(schema);
  return schema;
}

type Publish = (props: JsonSchemaProps, rests: Rests) => Steps<OpenApiSchema>;

function* withParts(props: JsonSchemaProps, publish: Publish, rests: Rests): Steps<OpenApiSchema> {
  if (rests.isDue()) yield;
  const schema = ownKeywords(props);
  const items = itemsOf(props);
  if (items) schema['items'] = yield* publish(items, rests);
  const properties: OpenApiSchema = {};
  for (const [name, member] of entriesOf(props.properties)) setKey(properties, name, yield* publish(member, rests));
  if (Object.keys(properties).length > 0) schema['properties'] = properties;
  for (const junctor of junctors) {
    const branches: OpenApiSchema[] = [];
    for (const branch of props[junctor] ?? []) branches.push(yield* condition(branch, rests));
    if (branches.length > 0) schema[junctor] = branches;
  }
  if (props.not) schema['not'] = yield* condition(props.not, rests);
  return schema;
}

/** compat: a condition says nothing of members that it does not name. */
const condition: Publish = (props, rests) => withParts(props, condition, rests);

function ownKeywords(props: JsonSchemaProps): OpenApiSchema {
  const schema: OpenApiSchema = {};
  for (const keyword of copied) {
    const value = props[keyword];
    if (!isZero(value) && !(Array.isArray(value) && value.length === 0)) schema[keyword] = value as Json;
  }
  const [value, example] = [defaultOf(props), props.example ?? undefined];
  if (value !== undefined) schema['default'] = value;
  if (example !== undefined) schema['example'] = example;
  return schema;
}

function tellAlternatives(schema: OpenApiSchema): void {
  const alternatives = [{ type: 'integer' }, { type: 'string' }];
  if (schema['anyOf'] === undefined) schema['anyOf'] = alternatives;
  else schema['allOf'] = [{ anyOf: alternatives }, ...((schema['allOf'] as Json[] | undefined) ?? [])];
}
