import type { KubeObject } from '@kubernest/meta';
import { keptFields, keptMaps } from './kept-fields.ts';

const removed = '[removed]';
const authored: ReadonlySet<string> = new Set(
  'annotations data binaryData stringData parameters options volumeAttributes userAnnotations'.split(' '),
);

/**
 * An object as a stranger may read it: its fields and its numbers, and the texts of those fields that hold none of what its author put in
 * (no command, environment, annotation or datum).
 */
export function stripObject(object: KubeObject): unknown {
  const { managedFields: _, ...metadata } = object.metadata;
  return strip({ ...object, metadata }, []);
}

/** `path` is what it lies under, the nearest first. */
function strip(value: unknown, path: readonly string[]): unknown {
  if (typeof value === 'string') return isKept(path) ? value : removed;
  if (Array.isArray(value)) return value.map((item) => strip(item, path));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, strip(inner, [name, ...path])]));
}

function isKept([name, parent]: readonly string[]): boolean {
  if (parent !== undefined && keptMaps.has(parent)) return true;
  // What their authors called so is no field.
  if (parent !== undefined && authored.has(parent)) return false;
  // The last words of a container are its own, not the cluster's.
  if (name === 'message' && parent === 'terminated') return false;
  return name !== undefined && keptFields.has(name);
}
