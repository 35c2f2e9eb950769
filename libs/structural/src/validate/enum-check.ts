import { deepEqual, type Json } from '@kubernest/meta';
import type { Findings } from './findings.ts';
import { notOneOf } from './words.ts';

/** Whether the value is one of those that are allowed. compat: a null is none, whatever they are. */
export function checkEnum(values: readonly Json[] | undefined, value: Json, name: string, out: Findings): void {
  if (!values || values.length === 0) return;
  if (!isAllowed(values, value)) out.add(() => notOneOf(name, value, values));
}

function isAllowed(values: readonly Json[], value: Json): boolean {
  if (value === null) return false;
  if (typeof value === 'object') return values.some((one) => one !== null && deepEqual(value, one));
  const scalars = known.getOrInsertComputed(values, scalarsOf);
  return typeof value === 'number' ? isNumberIn(scalars, value) : scalars.has(value);
}

/** compat: before it is compared a number is converted: to a whole one, or to the letter that has it. */
const isNumberIn = (scalars: ReadonlySet<Json>, value: number): boolean =>
  scalars.has(value) || scalars.has(Math.trunc(value)) || (Number.isInteger(value) && scalars.has(letterOf(value)));

const letterOf = (code: number): string => (code >= 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : '\ufffd');

/** There may be as many values as items that are compared with them. */
const known = new WeakMap<readonly Json[], ReadonlySet<Json>>();

const scalarsOf = (values: readonly Json[]): ReadonlySet<Json> =>
  new Set(values.filter((value) => typeof value !== 'object'));
