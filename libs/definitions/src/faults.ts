import { type FieldError, fieldForbidden, fieldInvalid, fieldNotSupported, fieldRequired } from '@kubernest/meta';

/** One fault for each sentence that a form's check returned. */
export const invalidFor = (field: string, value: unknown, sentences: readonly string[]): FieldError[] =>
  sentences.length === 0 ? [] : sentences.map((sentence) => fieldInvalid(field, value, sentence));

/** More are told to nobody: the engine ends its answer there. */
export const MOST_FAULTS = 500;

/** The faults of each item, until there are more than anybody is told. */
export function faultsOfEach<T>(
  items: readonly T[],
  check: (item: T, i: number) => readonly FieldError[],
): FieldError[] {
  const faults: FieldError[] = [];
  for (let i = 0; i < items.length; i++) {
    // Not spread: a stack holds only so many.
    for (const fault of check(items[i]!, i)) faults.push(fault);
    if (faults.length >= MOST_FAULTS) break;
  }
  return faults;
}

/** Required, and then of a form. */
export function requiredForm(
  field: string,
  value: string | undefined,
  check: (text: string) => string[],
): FieldError[] {
  return value ? invalidFor(field, value, check(value)) : [fieldRequired(field)];
}

/** One of a few words; '' and absent are none of them. */
export const oneOf = (field: string, value: string | undefined, supported: readonly string[]): FieldError[] =>
  supported.includes(value ?? '') ? [] : [fieldNotSupported(field, value ?? '', supported)];

/** Required, and then one of a few words. */
export const requiredOneOf = (field: string, value: string | undefined, supported: readonly string[]): FieldError[] =>
  value ? oneOf(field, value, supported) : [fieldRequired(field)];

/** Nothing when it is not there, else of a form. */
export const optionalForm = (
  field: string,
  value: string | undefined,
  check: (text: string) => string[],
): FieldError[] => (value === undefined ? [] : invalidFor(field, value, check(value)));

export const notNegative = (field: string, value: number | undefined): FieldError[] =>
  value !== undefined && value < 0 ? [fieldInvalid(field, value, 'must be greater than or equal to 0')] : [];

/** Exactly one of these fields must be there: for unions like a volume's sources or a probe's handlers. */
export function exactlyOne(
  owner: object,
  members: readonly string[],
  path: string,
  words: { none: string; many: string },
): FieldError[] {
  const present = members.filter((member) => (owner as Record<string, unknown>)[member] !== undefined);
  if (present.length === 0) return [fieldRequired(path, words.none)];
  return present.slice(1).map((member) => fieldForbidden(`${path}.${member}`, words.many));
}

/** compat: how immutable fields are refused. */
export const immutable = (field: string, value: unknown): FieldError =>
  fieldInvalid(field, value, 'field is immutable');

/** Of what may be said of every pair of things, no more is: an answer's head has room for 4,096 letters of warnings. */
export const mostPairs = 256;

/** As the wire's sentences have a text in them. */
export const quoted = (text: string): string => JSON.stringify(text);
