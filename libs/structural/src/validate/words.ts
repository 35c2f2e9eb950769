import {
  cutAt,
  type FieldError,
  fieldInvalid,
  fieldRequired,
  fieldTooMany,
  fieldTypeInvalid,
  goFloat,
  goQuoted,
  goShown,
  type Json,
  supportedValues,
  toldList,
} from '@kubernest/meta';
import { sortedJson } from '../sorted-json.ts';
import type { Finding } from './findings.ts';

/** compat: how Kubernetes words what its schema validator finds. */

const invalid = (name: string, words: string, value: unknown): Finding => {
  const message = `${name} ${words}`;
  return { message, name, fault: (field) => fieldInvalid(field, value, message) };
};

/** `found` is JSON's name of the value's type, or the text that is not of a format. */
export function wrongType(name: string, wanted: string, found: string): Finding {
  const message = `${name} in body must be of type ${wanted}: ${goQuoted(found)}`;
  return { message, name, fault: (field) => fieldTypeInvalid(field, found, message) };
}

export function missing(name: string, key: string): Finding {
  const at = `${name}.${key}`;
  return { message: `${at} in body is required`, name: at, fault: (field) => fieldRequired(field) };
}

export const tooLong = (name: string, most: number): Finding => ({
  message: `${name} in body should be at most ${most} chars long`,
  name,
  fault: (field): FieldError => ({
    type: 'FieldValueTooLong',
    field,
    detail: `may not be more than ${most} ${most === 1 ? 'byte' : 'bytes'}`,
  }),
});

export const tooShort = (name: string, least: number, text: string): Finding =>
  invalid(name, `in body should be at least ${least} chars long`, text);

/** A longer one nobody reads. */
const MOST_OF_PATTERN = 4096;

export const mismatch = (name: string, pattern: string, text: string): Finding =>
  invalid(name, `in body should match '${cutAt(pattern, MOST_OF_PATTERN)}'`, text);

/** A list has items, an object properties. */
type Parts = 'items' | 'properties';

export const tooMany = (name: string, parts: Parts, { most, found }: { most: number; found: number }): Finding => ({
  message: `${name} in body should have at most ${most} ${parts}`,
  name,
  fault: (field) => fieldTooMany(field, found, most),
});

export const tooFew = (name: string, parts: Parts, { least, found }: { least: number; found: number }): Finding =>
  invalid(name, `in body should have at least ${least} ${parts}`, found);

export const forbiddenMember = (name: string, key: string): Finding => {
  const message = `${name}.${key} in body is a forbidden property`;
  return { message, name, fault: (field) => fieldInvalid(field, key, message) };
};

/** The values of an enum in words: there may be very many, and each of a list's items may be none of them. */
interface ToldEnum {
  readonly shown: string;
  readonly supported: string;
}

const enums = new WeakMap<readonly Json[], ToldEnum>();

const toldEnum = (values: readonly Json[]): ToldEnum => ({
  shown: toldList(values.map(goShown), ' '),
  supported: supportedValues(values.map((allowed) => (typeof allowed === 'string' ? allowed : sortedJson(allowed)))),
});

export function notOneOf(name: string, value: Json, values: readonly Json[]): Finding {
  const { shown, supported } = enums.getOrInsertComputed(values, toldEnum);
  return {
    message: `${name} in body should be one of [${shown}]`,
    name,
    fault: (field) => ({ type: 'FieldValueNotSupported', field, value, detail: supported }),
  };
}

export const outOfBounds = (name: string, words: string, value: number | bigint): Finding =>
  invalid(name, `in body should be ${words}`, value);

export const notMultiple = (name: string, factor: string, value: number | bigint): Finding =>
  invalid(name, `in body should be a multiple of ${factor}`, value);

export const noFactor = (name: string, factor: number, told: string): Finding => {
  const message = `factor MultipleOf declared for ${name} must be positive: ${told}`;
  return { message, name, fault: (field) => fieldInvalid(field, factor, message) };
};

/** A number as Go prints one of its kind. */
export const toldNumber = (value: number, isInteger: boolean): string => (isInteger ? String(value) : goFloat(value));
