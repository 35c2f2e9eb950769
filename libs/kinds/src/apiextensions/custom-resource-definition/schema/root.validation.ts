import { type FieldError, fieldForbidden, fieldInvalid } from '@kubernest/meta';
import type { JsonSchemaProps } from '@kubernest/structural';

/** What may stand at the root where the status is a subresource, by its name in Go: it still holds when the status is taken by itself. */
const allowed = [
  ...['Description', 'Type', 'Format', 'Title', 'Maximum', 'ExclusiveMaximum', 'Minimum', 'ExclusiveMinimum'],
  ...['MaxLength', 'MinLength', 'Pattern', 'MaxItems', 'MinItems', 'UniqueItems', 'MultipleOf', 'Required', 'Items'],
  ...['Properties', 'ExternalDocs', 'Example', 'XPreserveUnknownFields', 'XValidations'],
];

/** All others, by their name on the wire. These are looked at first. */
const forbiddenFirst = ['id', '$schema', '$ref'] as const;
const forbidden = [
  ...(['nullable', 'default', 'enum', 'maxProperties', 'minProperties', 'allOf', 'oneOf', 'anyOf', 'not'] as const),
  ...(['additionalProperties', 'patternProperties', 'dependencies', 'additionalItems', 'definitions'] as const),
  ...(['x-kubernetes-embedded-resource', 'x-kubernetes-int-or-string', 'x-kubernetes-list-map-keys'] as const),
  ...(['x-kubernetes-list-type', 'x-kubernetes-map-type'] as const),
];

/** What only the root of a schema may not say. */
export function rootFaults(schema: JsonSchemaProps, path: string, hasStatus: boolean): FieldError[] {
  return [
    ...(hasStatus ? statusFaults(schema, path) : []),
    ...(schema.nullable ? [fieldForbidden(`${path}.nullable`, 'nullable cannot be true at the root')] : []),
  ];
}

function statusFaults(schema: JsonSchemaProps, path: string): FieldError[] {
  const has = (keywords: readonly (keyof JsonSchemaProps)[]): boolean =>
    keywords.some((keyword) => schema[keyword] !== undefined && schema[keyword] !== null);
  const where = 'at the root of the schema if the status subresource is enabled';
  const onlyFew = fieldInvalid(path, schema, `only [${allowed.join(' ')}] fields are allowed ${where}`);
  if (has(forbiddenFirst)) return [onlyFew];
  const { type } = schema;
  if (type && type !== 'object')
    return [fieldInvalid(`${path}.type`, type, `only "object" is allowed as the type ${where}`)];
  return has(forbidden) ? [onlyFew] : [];
}
