import {
  atOnce,
  clone,
  freezeAsJson,
  type Json,
  type JsonObject,
  type KubeObject,
  StatusError,
  type StructSchema,
} from '@kubernest/meta';
import { applyDefaults, decodeResource } from '@kubernest/structural';

/** From one version to another of the same group; objects that are in it already stay as they are. */
export type Convert = (
  objects: readonly KubeObject[],
  to: string,
) => readonly KubeObject[] | Promise<readonly KubeObject[]>;

/** Strategy `None`: nothing but the version's name changes. */
export const convertNames: Convert = (objects, to) =>
  objects.map((object) => (object.apiVersion === to ? object : { ...object, apiVersion: to }));

/** The schema of a version, by its API version; undefined where it is not known any more. */
export type SchemaOf = (apiVersion: string) => StructSchema | undefined;

/**
 * `convert` for what is read from the store: objects first get the defaults that came after them and lose the fields that went, in the version
 * that they are in; what comes out of the conversion has no field that its version does not know, and its defaults where it is to be stored.
 */
export function convertingStored(convert: Convert, schemaOf: SchemaOf, storageVersion: string): Convert {
  return (objects, to) => {
    const current = objects.map((object) => asDeclared(object, schemaOf, true));
    const converted = convert(current, to);
    const known = (object: KubeObject, i: number) =>
      object === current[i] ? object : asDeclared(object, schemaOf, to === storageVersion);
    return converted instanceof Promise ? converted.then((all) => all.map(known)) : converted.map(known);
  };
}

/** compat: without a reason, as all that a conversion comes to grief by. */
const refuse = (why: string): StatusError => new StatusError(500, '', why);

/** A copy, pruned; `isStored`: with its defaults. */
function asDeclared(object: KubeObject, schemaOf: SchemaOf, isStored: boolean): KubeObject {
  const schema = schemaOf(object.apiVersion ?? '');
  if (!schema) return object;
  const copy = clone(object) as unknown as JsonObject;
  atOnce(decodeResource(copy, schema, { refuse, collectUnknown: false }));
  if (isStored) atOnce(applyDefaults(copy as Json, schema));
  return freezeAsJson(copy) as unknown as KubeObject;
}
