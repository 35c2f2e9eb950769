import type { DownwardAPIVolumeFile, KeyToPath } from '@kubernest/api-types/core/v1';
import { faultsOfEach } from '@kubernest/definitions';
import { type FieldError, fieldInvalid, fieldRequired } from '@kubernest/meta';
import { fieldsForFiles, validateFieldRef, validateResourceRef } from './field-reference.validation.ts';
import { stayBelow } from './mount.validation.ts';

export function validateMode(mode: number | undefined, field: string): FieldError[] {
  if (mode === undefined || (mode >= 0 && mode <= 0o777)) return [];
  return [fieldInvalid(field, mode, 'must be a number between 0 and 0777 (octal), both inclusive')];
}

export function validateItems(items: readonly KeyToPath[] | undefined, path: string): FieldError[] {
  return faultsOfEach(items ?? [], ({ key, path: file, mode }, i) => [
    ...(key ? [] : [fieldRequired(`${path}[${i}].key`)]),
    ...validateFilePath(file, `${path}[${i}].path`),
    ...validateMode(mode, `${path}[${i}].mode`),
  ]);
}

/** A path within the volume; names that begin with two dots are the kubelet's. */
export function validateFilePath(path: string | undefined, field: string): FieldError[] {
  if (!path) return [fieldRequired(field)];
  const reserved = path.startsWith('..') && !path.startsWith('../');
  const faults = stayBelow(path, field);
  if (reserved) faults.push(fieldInvalid(field, path, "must not start with '..'"));
  return faults;
}

export function validateDownwardFile(file: DownwardAPIVolumeFile, path: string): FieldError[] {
  const { fieldRef, resourceFieldRef, mode } = file;
  const faults = validateFilePath(file.path, `${path}.path`);
  if (fieldRef) faults.push(...validateFieldRef(fieldRef, fieldsForFiles, `${path}.fieldRef`));
  if (fieldRef && resourceFieldRef)
    faults.push(fieldInvalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
  else if (resourceFieldRef) faults.push(...validateResourceRef(resourceFieldRef, `${path}.resourceFieldRef`, true));
  else if (!fieldRef) faults.push(fieldRequired(path, 'one of fieldRef and resourceFieldRef is required'));
  return [...faults, ...validateMode(mode, `${path}.mode`)];
}
