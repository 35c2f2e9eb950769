import { type FieldError, fieldForbidden, fieldInvalid, fieldNotSupported } from '@kubernest/meta';
import type { JsonSchemaProps } from '@kubernest/structural';
import type { Leniency } from '../leniency.ts';
import type { Place } from './place.ts';

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];

export const isKnownType = (type: string | undefined): boolean => !type || types.includes(type);

const isThere = (value: unknown): boolean => value !== undefined && value !== null;

/** Keywords that no custom resource may use, in the order in which they are told. */
const unsupported = ['id', 'additionalItems', 'patternProperties', 'definitions', 'dependencies', '$ref'] as const;

/** What no schema may say, wherever it stands. */
export function keywordFaults(schema: JsonSchemaProps, place: Place, leniency: Leniency): FieldError[] {
  const { type, items } = schema;
  const { path } = place;
  const faults: FieldError[] = [];
  const forbid = (keyword: string, words: string) => faults.push(fieldForbidden(`${path}.${keyword}`, words));
  if (!leniency.types && !isKnownType(type)) faults.push(fieldNotSupported(`${path}.type`, type, types));
  if (isThere(schema.default) && place.noDefaults !== undefined)
    forbid('default', `must not be set ${place.noDefaults}`);
  for (const keyword of unsupported) if (isThere(schema[keyword])) forbid(keyword, `${keyword} is not supported`);
  if (type === 'null') forbid('type', 'type cannot be set to null, use nullable as an alternative');
  if (Array.isArray(items) && items.length > 0) forbid('items', 'items must be a schema object and not an array');
  if (place.isInMeta && schema['x-kubernetes-embedded-resource'])
    forbid('x-kubernetes-embedded-resource', 'must not be used inside of resource meta');
  if (schema.uniqueItems)
    forbid('uniqueItems', 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic');
  return [...faults, ...memberFaults(schema, path)];
}

function memberFaults({ properties, additionalProperties }: JsonSchemaProps, path: string): FieldError[] {
  const hasOthers = isThere(additionalProperties) && additionalProperties !== true;
  if (!hasOthers || Object.keys(properties ?? {}).length === 0) return [];
  return [fieldForbidden(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive')];
}

/** compat: told after all that is wrong within. */
export const preservationFaults = (schema: JsonSchemaProps, path: string): FieldError[] =>
  schema['x-kubernetes-preserve-unknown-fields'] === false
    ? [fieldInvalid(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined')]
    : [];
