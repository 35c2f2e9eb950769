import { faultsOfEach } from '@kubernest/definitions';
import { type FieldError, fieldInvalid, fieldRequired, validateDns1035Label } from '@kubernest/meta';
import type { Names } from './definition-parts.ts';

/** What a spec has to name; of the names that were accepted some may be missing. */
export const validateRequiredNames = (names: Names, path: string): FieldError[] =>
  (['plural', 'singular', 'kind', 'listKind'] as const)
    .filter((name) => !names[name])
    .map((name) => fieldRequired(`${path}.${name}`));

export function validateNames(names: Names, path: string): FieldError[] {
  const { plural, singular, kind, listKind, shortNames = [], categories = [] } = names;
  return [
    ...validateLabel(plural, `${path}.plural`),
    ...validateLabel(singular, `${path}.singular`),
    ...validateKind(kind, `${path}.kind`),
    ...validateKind(listKind, `${path}.listKind`),
    ...faultsOfEach(shortNames, (name, i) => validateAnyLabel(name, `${path}.shortNames[${i}]`)),
    ...(kind && kind === listKind
      ? [fieldInvalid(`${path}.listKind`, listKind, 'kind and listKind may not be the same')]
      : []),
    ...faultsOfEach(categories, (name, i) => validateAnyLabel(name, `${path}.categories[${i}]`)),
  ];
}

/** One fault for all that is wrong with a name. */
export function validateAnyLabel(name: string, path: string): FieldError[] {
  const faults = validateDns1035Label(name);
  return faults.length > 0 ? [fieldInvalid(path, name, faults.join(','))] : [];
}

const validateLabel = (name: string | undefined, path: string): FieldError[] =>
  name ? validateAnyLabel(name, path) : [];

function validateKind(kind: string | undefined, path: string): FieldError[] {
  const faults = kind ? validateDns1035Label(kind.toLowerCase()) : [];
  if (faults.length === 0) return [];
  return [fieldInvalid(path, kind, `may have mixed case, but should otherwise match: ${faults.join(',')}`)];
}
