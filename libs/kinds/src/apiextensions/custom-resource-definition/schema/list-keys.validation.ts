import { faultsOfEach } from '@kubernest/definitions';
import { type FieldError, fieldForbidden, fieldInvalid, fieldRequired, ownValue } from '@kubernest/meta';
import { defaultOf, itemsOf, type JsonSchemaProps } from '@kubernest/structural';

const keyword = 'x-kubernetes-list-map-keys';

/** By which fields the items of a list are told apart: only of a list that is a map, and there by some. */
export function keyFaults(schema: JsonSchemaProps, path: string): FieldError[] {
  const { 'x-kubernetes-list-type': listType, [keyword]: keys = [] } = schema;
  if (listType === 'map') return [...(keys.length > 0 ? [] : [noKeys(path)]), ...itemFaults(schema, keys, path)];
  if (keys.length === 0) return [];
  const field = `${path}.x-kubernetes-list-type`;
  const why = `must be map if ${keyword} is non-empty`;
  return [listType === undefined ? fieldRequired(field, why) : fieldInvalid(field, listType, why)];
}

const noKeys = (path: string): FieldError =>
  fieldRequired(`${path}.${keyword}`, 'must not be empty if x-kubernetes-list-type is map');

function itemFaults(schema: JsonSchemaProps, keys: readonly string[], path: string): FieldError[] {
  const field = `${path}.items`;
  if (!schema.items) return [fieldRequired(field, 'must have a schema if x-kubernetes-list-type is map')];
  const items = itemsOf(schema);
  if (!items)
    return [fieldInvalid(field, schema.items, 'must only have a single schema if x-kubernetes-list-type is map')];
  if (items.type !== 'object') {
    const why = "must be object if parent array's x-kubernetes-list-type is map";
    return [fieldInvalid(`${field}.type`, items.type ?? '', why)];
  }
  const complaints = new Set<string>();
  const seen = new Set<string>();
  const faults = faultsOfEach(keys, (key) => {
    const property = ownValue(items.properties, key);
    if (!property) complaints.add('entries must all be names of item properties');
    if (seen.has(key)) complaints.add('must not contain duplicate entries');
    seen.add(key);
    return property?.type === 'array' || property?.type === 'object' ? [notScalar(items, key, field)] : [];
  });
  // Each is said once, however many keys it is said of.
  return [...faults, ...[...complaints].map((why) => fieldInvalid(`${path}.${keyword}`, keys, why))];
}

/** compat: with the type of the item. */
const notScalar = ({ type }: JsonSchemaProps, key: string, items: string): FieldError =>
  fieldInvalid(
    `${items}.properties[${key}].type`,
    type,
    "must be a scalar type if parent array's x-kubernetes-list-type is map",
  );

/** What items are told apart by is there in every one of them. */
export function itemKeyFaults(schema: JsonSchemaProps, path: string): FieldError[] {
  const listType = schema['x-kubernetes-list-type'];
  const items = itemsOf(schema);
  if (!items || (listType !== 'set' && listType !== 'map')) return [];
  const field = `${path}.items`;
  const nullable = `cannot be nullable when x-kubernetes-list-type is ${listType}`;
  const faults = items.nullable ? [fieldForbidden(`${field}.nullable`, nullable)] : [];
  if (listType === 'set') return faults;
  const required = new Set(items.required ?? []);
  const why = `this property is in ${keyword}, so it`;
  const ofKeys = faultsOfEach(schema[keyword] ?? [], (key) => {
    const property = ownValue(items.properties, key);
    if (!property) return [];
    const at = `${field}.properties[${key}]`;
    return [
      ...(required.has(key) || defaultOf(property) !== undefined
        ? []
        : [fieldRequired(`${at}.default`, `${why} must have a default or be a required property`)]),
      ...(property.nullable ? [fieldForbidden(`${at}.nullable`, `${why} cannot be nullable`)] : []),
    ];
  });
  return [...faults, ...ofKeys];
}
