import {
  cloneInSteps,
  freezeInSteps,
  type Json,
  type JsonObject,
  type KubeObject,
  MOST_FILLED_BYTES,
  StatusError,
  type Steps,
  type StructSchema,
} from '@kubernest/meta';
import { applyDefaults, decodeResource } from '@kubernest/structural';

/** From one version to another of the same group; objects that are in it already stay as they are. See `storage.convert`. */
export type Convert = (
  objects: readonly KubeObject[],
  to: string,
  signal?: AbortSignal,
) => readonly KubeObject[] | Promise<readonly KubeObject[]>;

/** Strategy `None`: nothing but the version's name changes. */
export const convertNames: Convert = (objects, to) =>
  objects.map((object) => (object.apiVersion === to ? object : { ...object, apiVersion: to }));

/** The schema of a version, by its API version; undefined where it is not known any more. */
export type SchemaOf = (apiVersion: string) => StructSchema | undefined;

/** compat: without a reason, as all that a conversion comes to grief by. */
const refuse = (why: string): StatusError => new StatusError(500, '', why);

/** See `storage.asDeclared`. What would grow beyond all that is stored is left as it is: it must be read to be deleted. */
export function* asDeclared(schema: StructSchema, object: KubeObject, isStored: boolean): Steps<KubeObject> {
  const copy = (yield* cloneInSteps(object)) as unknown as JsonObject;
  yield* decodeResource(copy, schema, { refuse, collectUnknown: false, hasMetadata: true });
  if (isStored) yield* applyDefaults(copy as Json, schema, { mostBytes: MOST_FILLED_BYTES });
  yield* freezeInSteps(copy);
  return copy as unknown as KubeObject;
}
