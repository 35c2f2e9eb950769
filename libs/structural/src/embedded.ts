import {
  isObject,
  type Json,
  type JsonObject,
  Rests,
  type Schema,
  type Steps,
  type StructSchema,
} from '@kubernest/meta';
import { declaredMemberOf, itemOf, reaching } from './parts.ts';
import { memberPath } from './validate/list-uniqueness.ts';

/** An object within an object. */
export interface Embedded {
  readonly object: JsonObject;
  readonly schema: StructSchema;
  readonly path: string;
}

export const isEmbedded = (schema: Schema | undefined): schema is StructSchema =>
  schema?.type === 'struct' && schema.embeddedResource === true;

const mayEmbed = reaching(isEmbedded);

/** Every object within this one that its schema says is a resource, itself too when `withRoot`. Linear, in steps. */
export function* embeddedIn(root: Json, schema: Schema, { path = '', withRoot = false } = {}): Steps<Embedded[]> {
  const found: Embedded[] = [];
  const rests = new Rests();
  const left: { value: Json; schema: Schema; path: string; isRoot: boolean }[] = [
    { value: root, schema, path, isRoot: true },
  ];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (rests.isDue()) yield;
    const { value, schema: known, path: at } = next;
    if (isObject(value) && isEmbedded(known) && (withRoot || !next.isRoot))
      found.push({ object: value, schema: known, path: at });
    for (const key of typeof value === 'object' && value !== null ? Object.keys(value) : []) {
      if (rests.isDue()) yield;
      const part = Array.isArray(value) ? itemOf(known) : declaredMemberOf(known, key);
      if (!part || !mayEmbed(part)) continue;
      const below = Array.isArray(value) ? `${at}[${key}]` : memberPath(known, key, at);
      left.push({ value: (value as JsonObject)[key]!, schema: part, path: below, isRoot: false });
    }
  }
  return found;
}
