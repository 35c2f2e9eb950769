import { bareType, type FieldValidation, patchTypes } from '@kubernest/apiserver/codec';
import type { ApiRequest, RequestInfo } from '@kubernest/apiserver/contract';
import type { WriteOptions } from '@kubernest/apiserver/storage';
import {
  append,
  type FieldError,
  fieldForbidden,
  fieldInvalid,
  fieldNotSupported,
  fieldRequired,
  fieldTooLong,
  invalid,
  printable,
} from '@kubernest/meta';

const optionKinds: Readonly<Record<string, string>> = {
  create: 'CreateOptions',
  update: 'UpdateOptions',
  patch: 'PatchOptions',
  delete: 'DeleteOptions',
  deletecollection: 'DeleteOptions',
};

const MOST_MANAGER_BYTES = 128;

/** Every fault at once, under the options' own name. A verb that writes nothing has no options. */
export function writeOptionsOf(request: ApiRequest, { verb }: Pick<RequestInfo, 'verb'>): WriteOptions {
  const kind = Object.hasOwn(optionKinds, verb) ? optionKinds[verb] : undefined;
  if (!kind) return {};
  const { query } = request;
  const dryRun = query.getAll('dryRun');
  const said = dryRun.length > 0 ? { dryRun } : {};
  const faults = kind === 'DeleteOptions' ? dryRunFaults(dryRun) : bodyFaults(request, kind, dryRun);
  if (faults.length > 0) throw invalidOptions(kind, faults);
  if (kind === 'DeleteOptions') return said;
  const fieldManager = query.get('fieldManager');
  const fieldValidation = query.get('fieldValidation');
  return { ...said, ...(fieldManager ? { fieldManager } : {}), ...(fieldValidation ? { fieldValidation } : {}) };
}

export const invalidOptions = (kind: string, faults: readonly FieldError[]) =>
  invalid({ group: 'meta.k8s.io', kind, name: '' }, faults);

export const dryRunFaults = (values: readonly string[]): FieldError[] =>
  values.every((value) => value === 'All') ? [] : [fieldNotSupported('dryRun', values, ['All'])];

function bodyFaults({ query, headers }: ApiRequest, kind: string, dryRun: readonly string[]): FieldError[] {
  const faults: FieldError[] = [];
  const manager = query.get('fieldManager') ?? '';
  if (kind === 'PatchOptions') {
    const type = bareType(headers['content-type']);
    const applies = Object.hasOwn(patchTypes, type) && patchTypes[type] === 'apply';
    // compat: apply without a manager's name is refused, as nobody could be the owner.
    if (applies && manager === '') faults.push(fieldRequired('fieldManager', 'is required for apply patch'));
    if (!applies && query.has('force'))
      faults.push(fieldForbidden('force', 'may not be specified for non-apply patch'));
  }
  append(faults, managerFaults(manager), dryRunFaults(dryRun));
  const validation = query.get('fieldValidation') ?? '';
  if (!isFieldValidation(validation))
    faults.push(fieldNotSupported('fieldValidation', validation, ['', 'Ignore', 'Strict', 'Warn']));
  return faults;
}

function managerFaults(manager: string): FieldError[] {
  const field = 'fieldManager';
  const faults: FieldError[] = [];
  if (Buffer.byteLength(manager) > MOST_MANAGER_BYTES) faults.push(fieldTooLong(field, MOST_MANAGER_BYTES));
  let position = 0;
  for (const letter of manager) {
    if (!printable.test(letter)) {
      const code = letter.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
      faults.push(fieldInvalid(field, manager, `invalid character U+${code} (at position ${position})`));
    }
    position += Buffer.byteLength(letter);
  }
  return faults;
}

const isFieldValidation = (value: string): value is FieldValidation | '' =>
  ['', 'Ignore', 'Warn', 'Strict'].includes(value);

/** What becomes of fields that nobody knows. compat: in delete options they are passed over. */
export function fieldValidationOf(
  { fieldValidation }: WriteOptions,
  { verb }: Pick<RequestInfo, 'verb'>,
): FieldValidation {
  if (verb === 'delete' || verb === 'deletecollection') return 'Ignore';
  return (fieldValidation as FieldValidation | undefined) ?? 'Warn';
}

/** Who owns what is written: as the query says, else what the client calls itself before the first `/`. */
export function fieldManagerOf({ fieldManager }: WriteOptions, agent = ''): string {
  if (fieldManager) return fieldManager;
  let name = '';
  let bytes = 0;
  for (const letter of agent.split('/')[0]!) {
    if (!printable.test(letter)) continue;
    bytes += Buffer.byteLength(letter);
    if (bytes > MOST_MANAGER_BYTES) break;
    name += letter;
  }
  return name || 'unknown';
}
