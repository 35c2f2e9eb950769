import type { Json } from './object.ts';
import type { Schema } from './schema.ts';

/** An object as it is in a version. */
export interface VersionedObject {
  readonly apiVersion: string;
  readonly schema: Schema;
  readonly object: Json;
}

/** What an object is in another version; undefined: nobody knows that version, and it is taken as it is. */
export interface AskedVersion {
  readonly object: Json;
  readonly apiVersion: string;
}

/** Gives what has to be converted and goes on with what that is. */
export type Applying<T> = Generator<AskedVersion, T, VersionedObject | undefined>;

export const inVersion = (
  { apiVersion, schema }: Pick<VersionedObject, 'apiVersion' | 'schema'>,
  object: Json,
): VersionedObject => ({ apiVersion, schema, object });

/** The object in that version, itself where it is in it or that version is not known any more. */
export function* asIn(versioned: VersionedObject, apiVersion: string): Applying<VersionedObject> {
  if (versioned.apiVersion === apiVersion) return versioned;
  return (yield { object: versioned.object, apiVersion }) ?? versioned;
}

/** Where all versions are alike but in name: every object is taken as it is. */
export function inOneVersion<T>(work: Applying<T>): T {
  for (;;) {
    const { done, value } = work.next(undefined);
    if (done) return value;
  }
}
