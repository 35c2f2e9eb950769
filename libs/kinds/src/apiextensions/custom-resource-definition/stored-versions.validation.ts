import { faultsOfEach } from '@kubernest/definitions';
import { type FieldError, fieldInvalid } from '@kubernest/meta';
import type { Version } from './definition-parts.ts';

/** Objects may lie in any version that was a storage version: none of them may go before they have all been moved. */
export function validateStoredVersions(
  stored: readonly string[],
  versions: readonly Version[],
  path: string,
): FieldError[] {
  if (stored.length === 0) return [fieldInvalid(path, null, 'must have at least one stored version')];
  const unknown = new Map(stored.map((name, i) => [name, i]));
  const faults = faultsOfEach(versions, ({ name = '', storage }) =>
    !unknown.delete(name) && storage ? [fieldInvalid(path, stored, `must have the storage version ${name}`)] : [],
  );
  const gone = faultsOfEach([...unknown], ([name, i]) => [fieldInvalid(`${path}[${i}]`, name, missing(name))]);
  return [...faults, ...gone];
}

const missing = (name: string): string =>
  `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage ` +
  `migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
