import { append, isObject, Rests, type Steps } from '@kubernest/meta';
import { junctors, type OpenApiSchema } from './published.ts';

/**
 * Makes of a schema for OpenAPI v3 one for v2, in place: without what v2 has not (alternatives, nulls, defaults) and what kubectl cannot read beside
 * unknown fields. Linear, in steps, with a stack of constant depth.
 */
export function* withoutUnions(root: OpenApiSchema): Steps<void> {
  const rests = new Rests();
  const left = [root];
  for (let schema = left.pop(); schema !== undefined; schema = left.pop()) {
    if (rests.isDue()) yield;
    for (const keyword of [...junctors, 'not', 'default']) delete schema[keyword];
    forgetShape(schema);
    keepNullsOptional(schema);
    append(left, membersOf(schema), [schema['items'], schema['additionalProperties']].filter(isSchema));
  }
}

/** compat: kubectl takes a value of no type as any, and is confused by what is known of it. */
function forgetShape(schema: OpenApiSchema): void {
  const keepsUnknown = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const isNullable = schema['nullable'] === true;
  if (isNullable || keepsUnknown) {
    delete schema['items'];
    delete schema['properties'];
  }
  const isShapeless = schema['items'] === undefined && schema['type'] === 'array';
  if (isNullable || isShapeless || (keepsUnknown && schema['type'] === 'object')) delete schema['type'];
  delete schema['nullable'];
}

/** What may be null need not be there. */
function keepNullsOptional(schema: OpenApiSchema): void {
  const { required, properties, additionalProperties: others } = schema;
  if (!Array.isArray(required)) return;
  const left = required.filter((name) => !isNullable(isSchema(properties) ? properties[name as string] : undefined));
  if (left.length === 0 || isNullable(others)) delete schema['required'];
  else schema['required'] = left;
}

const isNullable = (schema: unknown): boolean => isSchema(schema) && schema['nullable'] === true;

const isSchema = (value: unknown): value is OpenApiSchema => isObject(value);

const membersOf = ({ properties }: OpenApiSchema): OpenApiSchema[] =>
  isSchema(properties) ? Object.values(properties).filter(isSchema) : [];
