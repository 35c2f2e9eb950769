import {
  fieldErrorBody,
  goQuoted,
  type Json,
  type JsonObject,
  MOST_KEPT_LEVELS,
  ownValue,
  type StatusError,
  type Steps,
  type StructSchema,
} from '@kubernest/meta';
import { coerceEmbedded, readMetadata } from './coerce.ts';
import { dropNulls } from './defaults.ts';
import { isDeeperThan } from './levels.ts';
import { prune } from './prune.ts';
import { inOrderOfKeys } from './told-order.ts';

export interface DecodeResourceOptions {
  /** The error of an object that cannot be read: `json: cannot unmarshal number into Go struct field ObjectMeta.name of type string`. */
  refuse(why: string): StatusError;
  readonly collectUnknown?: boolean;
  /** Its own metadata was read before, and stays as it is. */
  readonly hasMetadata?: boolean;
}

/**
 * Makes of a decoded object, in place, one that fits its schema: metadata is read as ObjectMeta, here and in the objects within; unknown fields
 * and nulls that may be none are dropped; what is kept and too deep for others is refused. Wrong types and empty values stay for validation to tell. Returns what was unknown:
 * `unknown field "spec.x"`. Linear in the object, in steps.
 */
export function* decodeResource(
  object: JsonObject,
  schema: StructSchema,
  { refuse, collectUnknown, hasMetadata = false }: DecodeResourceOptions,
): Steps<readonly string[]> {
  const unknown: string[] = [];
  const metadata: Json | undefined = hasMetadata ? undefined : ownValue(object, 'metadata');
  if (metadata !== undefined) {
    const read = readMetadata(schema, metadata);
    if ('why' in read) throw refuse(read.why);
    object['metadata'] = read.value;
    for (const field of read.unknown) unknown.push(`metadata.${field}`);
  }
  for (const field of yield* prune(object, schema, { collectUnknown })) unknown.push(field);
  // Each lists the fields of what may be a very wide object, which is a step of its own.
  yield;
  if (yield* isDeeperThan(object, MOST_KEPT_LEVELS)) throw refuse('exceeded max depth');
  yield;
  yield* dropNulls(object, schema);
  const { fault, unknown: embedded } = yield* coerceEmbedded(object, schema);
  for (const told of yield* inOrderOfKeys(fault ? [fault] : [])) throw refuse(`${told.field}: ${fieldErrorBody(told)}`);
  for (const field of embedded) unknown.push(field);
  return collectUnknown ? unknown.map((field) => `unknown field ${goQuoted(field)}`) : [];
}
