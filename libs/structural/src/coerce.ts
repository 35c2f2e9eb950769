import {
  cutAt,
  decodeBySchema,
  type FieldError,
  fieldInvalid,
  type Json,
  MOST_PATH_LETTERS,
  MOST_TOLD_FAULTS,
  ownValue,
  type Schema,
  StatusError,
  type Steps,
  type StructSchema,
} from '@kubernest/meta';
import { type Embedded, embeddedIn } from './embedded.ts';
import { childOf } from './field-path.ts';

export interface CoerceOptions {
  readonly path?: string;
  /** The object itself is a resource too, and not only what its schema says is one. */
  readonly withRoot?: boolean;
}

export interface Coerced {
  /** The first fault, after which nothing more was looked at. */
  readonly fault?: FieldError;
  /** Paths within metadata that metadata does not have, and that are gone: as many as anybody is told of. */
  readonly unknown: readonly string[];
}

/**
 * Makes the kind and metadata of objects within an object, in place, what they are in every object: names are texts, metadata is read as
 * ObjectMeta. Linear in the object, in steps.
 */
export function* coerceEmbedded(object: Json, schema: Schema, options: CoerceOptions = {}): Steps<Coerced> {
  const unknown: string[] = [];
  for (const embedded of yield* embeddedIn(object, schema, options)) {
    const fault = textFault(embedded) ?? metadataFault(embedded, unknown);
    if (fault) return { fault, unknown: [] };
    yield;
  }
  return { unknown: unknown.sort() };
}

function textFault({ object, path }: Embedded): FieldError | undefined {
  for (const key of ['apiVersion', 'kind']) {
    const value = ownValue(object, key);
    if (value !== undefined && typeof value !== 'string')
      return fieldInvalid(childOf(path, key), value, 'must be a string');
  }
  return undefined;
}

function metadataFault({ object, schema, path }: Embedded, unknown: string[]): FieldError | undefined {
  const metadata = ownValue(object, 'metadata');
  if (metadata === undefined) return undefined;
  const at = childOf(path, 'metadata');
  const read = readMetadata(schema, metadata);
  if ('why' in read) return fieldInvalid(at, metadata, read.why);
  for (const field of read.unknown.slice(0, MOST_TOLD_FAULTS - unknown.length))
    unknown.push(cutAt(`${at}.${field}`, MOST_PATH_LETTERS));
  object['metadata'] = read.value;
  return undefined;
}

export type ReadMetadata = { readonly value: Json; readonly unknown: readonly string[] } | { readonly why: string };

/** Metadata as ObjectMeta has it, or why it is none; the value that is given is used up. */
export function readMetadata(resource: StructSchema, metadata: Json): ReadMetadata {
  // compat: a null is read as metadata of nothing.
  if (metadata === null) return { value: {}, unknown: [] };
  const refuse = (why: string): StatusError => new StatusError(400, 'BadRequest', why);
  const schema = resource.fields['metadata']!.schema;
  try {
    const told = { as: 'read', refuse } as const;
    const { value, unknown } = decodeBySchema(schema, metadata, {
      kind: 'ObjectMeta',
      version: 'v1',
      collectUnknown: true,
      told,
    });
    return { value, unknown: unknown.map((fault) => JSON.parse(fault.slice('unknown field '.length)) as string) };
  } catch (error) {
    if (error instanceof StatusError) return { why: error.message };
    throw error;
  }
}
