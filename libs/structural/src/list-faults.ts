import {
  append,
  type FieldError,
  fieldForbidden,
  fieldInvalid,
  fieldNotSupported,
  fieldRequired,
  ownValue,
} from '@kubernest/meta';
import { childOf } from './field-path.ts';
import { defaultOf, itemsOf, type JsonSchemaProps } from './props.ts';
import { wrongType } from './wrong-type.ts';

const listTypeAt = 'x-kubernetes-list-type';
const keysAt = 'x-kubernetes-list-map-keys';

/** What is wrong with what a schema says of the items of a list: which of them are the same, and by which keys. */
export function listFaults(props: JsonSchemaProps, path: string): FieldError[] {
  const listType = props[listTypeAt];
  const keys = props[keysAt] ?? [];
  const at = childOf(path, listTypeAt);
  if (listType === undefined || listType === null)
    return keys.length > 0 ? [fieldRequired(at, 'must be map if x-kubernetes-list-map-keys is non-empty')] : [];
  const faults = wrongType(props, path, { type: 'array', keyword: listTypeAt });
  if (faults.length === 0 && listType === 'set') faults.push(...setItemFaults(props, path));
  if (!['atomic', 'set', 'map'].includes(listType))
    faults.push(fieldNotSupported(at, listType, ['atomic', 'set', 'map']));
  if (keys.length > 0 && listType !== 'map')
    faults.push(fieldInvalid(at, listType, 'must be map if x-kubernetes-list-map-keys is non-empty'));
  if (listType === 'map') append(faults, mapListFaults(props, path));
  if (itemsOf(props)?.nullable && (listType === 'set' || listType === 'map'))
    faults.push(
      fieldForbidden(childOf(path, 'items.nullable'), `cannot be nullable when x-kubernetes-list-type is ${listType}`),
    );
  return faults;
}

/** Items of a set are compared as a whole. */
function setItemFaults(props: JsonSchemaProps, path: string): FieldError[] {
  const items = itemsOf(props);
  const why = 'must be atomic as item of a list with x-kubernetes-list-type=set';
  const listType = items?.[listTypeAt];
  if (items?.type === 'array' && listType !== undefined && listType !== 'atomic')
    return [fieldInvalid(childOf(path, `items.${listTypeAt}`), listType, why)];
  // compat: the value told is that of the other keyword.
  if (items?.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic')
    return [fieldInvalid(childOf(path, 'items.x-kubernetes-map-type'), listType ?? null, why)];
  return [];
}

function mapListFaults(props: JsonSchemaProps, path: string): FieldError[] {
  const faults: FieldError[] = [];
  const items = itemsOf(props);
  const keys = props[keysAt] ?? [];
  if (keys.length === 0)
    faults.push(fieldRequired(childOf(path, keysAt), 'must not be empty if x-kubernetes-list-type is map'));
  if (props.items === undefined || props.items === null)
    faults.push(fieldRequired(childOf(path, 'items'), 'must have a schema if x-kubernetes-list-type is map'));
  else if (!items)
    faults.push(
      fieldInvalid(
        childOf(path, 'items'),
        props.items,
        'must only have a single schema if x-kubernetes-list-type is map',
      ),
    );
  else {
    const parent = "must be object if parent array's x-kubernetes-list-type is map";
    if (items.type !== 'object') faults.push(fieldInvalid(childOf(path, 'items.type'), items.type ?? '', parent));
    else append(faults, keyFaults(items, keys, path));
    append(faults, missingKeyFaults(items, keys, path));
  }
  return faults;
}

function keyFaults(items: JsonSchemaProps, keys: readonly string[], path: string): FieldError[] {
  const faults: FieldError[] = [];
  const seen = new Set<string>();
  for (const key of keys) {
    const schema = ownValue(items.properties, key);
    if (!schema) faults.push(fieldInvalid(childOf(path, keysAt), keys, 'entries must all be names of item properties'));
    // compat: the type told is that of the items.
    else if (schema.type === 'array' || schema.type === 'object')
      faults.push(
        fieldInvalid(
          childOf(path, `items.properties[${key}].type`),
          'object',
          "must be a scalar type if parent array's x-kubernetes-list-type is map",
        ),
      );
    if (seen.has(key)) faults.push(fieldInvalid(childOf(path, keysAt), keys, 'must not contain duplicate entries'));
    seen.add(key);
  }
  return faults;
}

/** Every item has all keys: it must bring them, or get them by default. */
function missingKeyFaults(items: JsonSchemaProps, keys: readonly string[], path: string): FieldError[] {
  const required = new Set(items.required);
  return keys.flatMap((key) => {
    const schema = ownValue(items.properties, key);
    if (!schema) return [];
    const at = childOf(path, `items.properties[${key}]`);
    const named = 'this property is in x-kubernetes-list-map-keys, so it';
    const faults: FieldError[] = [];
    if (!required.has(key) && defaultOf(schema) === undefined)
      faults.push(fieldRequired(`${at}.default`, `${named} must have a default or be a required property`));
    if (schema.nullable) faults.push(fieldForbidden(`${at}.nullable`, `${named} cannot be nullable`));
    return faults;
  });
}
