import { immutable, invalidFor } from '@kubernest/definitions';
import {
  deepEqual,
  type FieldError,
  fieldForbidden,
  fieldInvalid,
  fieldTooLong,
  validateConfigKey,
} from '@kubernest/meta';

const limitBytes = 1024 * 1024;
type Entries = Readonly<Record<string, string>>;

/** Entries of ConfigMaps and Secrets: keys that can be file names, a megabyte in all. `binary` is base64. */
export function validateEntries(
  text: { field: string; entries?: Entries },
  binary: { field: string; entries?: Entries },
  // compat: of a ConfigMap that is too large the field is called `[]`.
  whole = '[]',
): FieldError[] {
  const faults: FieldError[] = [];
  let bytes = 0;
  for (const key of Object.keys(text.entries ?? {})) {
    keyFaults(text.field, key, faults);
    if (binary.entries && Object.hasOwn(binary.entries, key)) {
      faults.push(fieldInvalid(`${text.field}[${key}]`, key, `duplicate of key present in ${binary.field}`));
    }
    bytes += Buffer.byteLength(text.entries![key]!);
  }
  for (const key of Object.keys(binary.entries ?? {})) {
    keyFaults(binary.field, key, faults);
    bytes += Buffer.byteLength(binary.entries![key]!, 'base64');
  }
  if (bytes > limitBytes) faults.push(fieldTooLong(whole, limitBytes));
  return faults;
}

/** Adds to `faults`. Asked of very many keys, nearly all of them right. */
function keyFaults(field: string, key: string, faults: FieldError[]): void {
  const wrong = validateConfigKey(key);
  if (wrong.length > 0) faults.push(...invalidFor(`${field}[${key}]`, key, wrong));
}

interface Sealable {
  readonly immutable?: boolean;
  readonly data?: Entries;
  readonly binaryData?: Entries;
}

/** Once immutable, forever, with all it holds. */
export function validateSealed(next: Sealable, old: Sealable): FieldError[] {
  if (old.immutable !== true) return [];
  const words = 'field is immutable when `immutable` is set';
  const faults = next.immutable === true ? [] : [fieldForbidden('immutable', words)];
  for (const field of ['data', 'binaryData'] as const) {
    if (!deepEqual(next[field] ?? {}, old[field] ?? {})) faults.push(fieldForbidden(field, words));
  }
  return faults;
}

export const validateSameType = (next: string | undefined, old: string | undefined): FieldError[] =>
  next === old ? [] : [immutable('type', next)];
