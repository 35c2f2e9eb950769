import { toldList } from './told-list.ts';
import { toldValue } from './told-value.ts';

/** A fault in one field. `type` is the cause's reason on the wire. `detail` follows the value. */
export interface FieldError {
  readonly type:
    | 'FieldValueRequired'
    | 'FieldValueInvalid'
    | 'FieldValueNotSupported'
    | 'FieldValueForbidden'
    | 'FieldValueDuplicate'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany'
    | 'FieldValueNotFound'
    | 'FieldValueTypeInvalid'
    | 'InternalError';
  /** `spec.containers[0].name` */
  readonly field: string;
  readonly value?: unknown;
  readonly detail?: string;
}

const fieldWords: Record<FieldError['type'], string> = {
  FieldValueRequired: 'Required value',
  FieldValueInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueForbidden: 'Forbidden',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueTooLong: 'Too long',
  FieldValueTooMany: 'Too many',
  FieldValueNotFound: 'Not found',
  FieldValueTypeInvalid: 'Invalid value',
  InternalError: 'Internal error',
};

const withoutValue: ReadonlySet<FieldError['type']> = new Set([
  'FieldValueRequired',
  'FieldValueForbidden',
  'InternalError',
  'FieldValueTooLong',
  'FieldValueTooMany',
]);

/** Of all faults of one refusal together so many bytes are told: once in its message and once in its causes. */
const MOST_BYTES = 40 * 1024;
const MOST_OF_FIELD = 2048;
const MOST_OF_DETAIL = 4608;
const MOST_OF_ONE = 12 * 1024;

export const cutAt = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most)}…` : text);

/** The message after the field's name: `Invalid value: "x": must be …`. */
export function fieldErrorBody({ type, value, detail = '' }: FieldError): string {
  const told = withoutValue.has(type) ? '' : `: ${toldValue(value)}`;
  return cutAt(`${fieldWords[type]}${told}${detail === '' ? '' : `: ${cutAt(detail, MOST_OF_DETAIL)}`}`, MOST_OF_ONE);
}

/** A fault as clients are told of it. */
export interface ToldFault {
  readonly type: FieldError['type'];
  readonly field: string;
  readonly body: string;
}

interface Told {
  readonly told: readonly ToldFault[];
  /** So many there are beside them. */
  readonly more: number;
}

/** Each fault once, until there is enough to read. compat: a field that is missing is told once, whoever misses it. */
export function toldFaults(errors: readonly FieldError[]): Told {
  const told: ToldFault[] = [];
  const seen = new Set<string>();
  let left = MOST_BYTES;
  for (const [i, error] of errors.entries()) {
    const { type } = error;
    const [field, body] = [cutAt(error.field, MOST_OF_FIELD), fieldErrorBody(error)];
    const key = `${type} ${field} ${type === 'FieldValueRequired' ? '' : body}`;
    if (seen.has(key)) continue;
    left -= Buffer.byteLength(JSON.stringify(`${field}: ${body}`));
    if (left < 0 && i > 0) return { told, more: errors.length - i };
    seen.add(key);
    told.push({ type, field, body });
  }
  return { told, more: 0 };
}

/** One fault, or all of them in brackets, each with the name of its field. */
export const fieldErrorsText = (errors: readonly FieldError[]): string => toldText(toldFaults(errors));

export function toldText({ told, more }: Told): string {
  const lines = told.map(({ field, body }) => `${field}: ${body}`);
  if (more > 0) lines.push(`and ${more} more`);
  return lines.length === 1 ? lines[0]! : `[${lines.join(', ')}]`;
}

/** What a value may be instead, as it is told. */
export const supportedValues = (supported: readonly string[]): string =>
  `supported values: ${toldList(supported.map((value) => JSON.stringify(value)))}`;
