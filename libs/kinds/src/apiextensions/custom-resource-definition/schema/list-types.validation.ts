import { type FieldError, fieldInvalid, fieldNotSupported, fieldRequired } from '@kubernest/meta';
import { itemsOf, type JsonSchemaProps } from '@kubernest/structural';
import type { Leniency } from '../leniency.ts';
import { itemKeyFaults, keyFaults } from './list-keys.validation.ts';

const ofMap = { keyword: 'x-kubernetes-map-type', type: 'object', words: ['atomic', 'granular'] } as const;
const ofList = { keyword: 'x-kubernetes-list-type', type: 'array', words: ['atomic', 'set', 'map'] } as const;

/** What a list or map says of how its parts are told apart. */
export function listTypeFaults(schema: JsonSchemaProps, path: string, leniency: Leniency): FieldError[] {
  return [
    ...typeFaults(ofMap, schema, path),
    ...wordFaults(ofMap, schema, path),
    ...typeFaults(ofList, schema, path),
    ...(leniency.setItems ? [] : setItemFaults(schema, path)),
    ...wordFaults(ofList, schema, path),
    ...keyFaults(schema, path),
    ...(leniency.itemKeys ? [] : itemKeyFaults(schema, path)),
  ];
}

type Saying = typeof ofMap | typeof ofList;

function typeFaults({ keyword, type }: Saying, schema: JsonSchemaProps, path: string): FieldError[] {
  if (schema[keyword] === undefined || schema.type === type) return [];
  const field = `${path}.type`;
  const why = `must be ${type} if ${keyword} is specified`;
  return [schema.type ? fieldInvalid(field, schema.type, why) : fieldRequired(field, why)];
}

function wordFaults({ keyword, words }: Saying, schema: JsonSchemaProps, path: string): FieldError[] {
  const said = schema[keyword];
  const isKnown = said === undefined || (words as readonly string[]).includes(said);
  return isKnown ? [] : [fieldNotSupported(`${path}.${keyword}`, said, words)];
}

/** What is told apart by itself alone has to be one value. */
export function setItemFaults(schema: JsonSchemaProps, path: string): FieldError[] {
  const items = itemsOf(schema);
  if (schema['x-kubernetes-list-type'] !== 'set' || schema.type !== 'array' || !items) return [];
  const { 'x-kubernetes-list-type': listType, 'x-kubernetes-map-type': mapType } = items;
  const why = 'must be atomic as item of a list with x-kubernetes-list-type=set';
  if (items.type === 'array' && (listType ?? 'atomic') !== 'atomic')
    return [fieldInvalid(`${path}.items.x-kubernetes-list-type`, listType, why)];
  // compat: with the value of the other keyword.
  if (items.type === 'object' && mapType !== 'atomic')
    return [fieldInvalid(`${path}.items.x-kubernetes-map-type`, listType ?? null, why)];
  return [];
}
