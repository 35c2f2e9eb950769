import { invalidFor } from '@kubernest/definitions';
import {
  type FieldError,
  fieldTooLong,
  type ObjectMeta,
  validateLabelValue,
  validateQualifiedName,
} from '@kubernest/meta';

const annotationsLimitBytes = 256 * 1024;

/** Labels and annotations of a template; an object's own are the engine's to check. */
export function validateTemplateMeta(
  meta: Pick<ObjectMeta, 'labels' | 'annotations'> | undefined,
  path: string,
): FieldError[] {
  return [
    ...validateLabels(meta?.labels, `${path}.labels`),
    ...validateAnnotations(meta?.annotations, `${path}.annotations`),
  ];
}

export function validateLabels(labels: Readonly<Record<string, string>> | undefined, path: string): FieldError[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...invalidFor(path, key, validateQualifiedName(key)),
    ...invalidFor(path, value, validateLabelValue(value)),
  ]);
}

function validateAnnotations(annotations: Readonly<Record<string, string>> | undefined, path: string): FieldError[] {
  const entries = Object.entries(annotations ?? {});
  const bytes = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  return [
    ...entries.flatMap(([key]) => invalidFor(path, key, validateQualifiedName(key.toLowerCase()))),
    ...(bytes > annotationsLimitBytes ? [fieldTooLong(path, annotationsLimitBytes)] : []),
  ];
}
