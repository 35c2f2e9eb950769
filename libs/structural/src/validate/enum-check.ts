import { deepEqual, type Json } from '@kubernest/meta';
import type { Findings } from './findings.ts';
import { notOneOf } from './words.ts';

/** Whether the value is one of those that are allowed. compat: a null is none, whatever they are. */
export function checkEnum(values: readonly Json[] | undefined, value: Json, name: string, out: Findings): void {
  if (!values || values.length === 0) return;
  const isAllowed = typeof value === 'string' ? textsOf(values).has(value) : values.some((one) => isSame(value, one));
  if (!isAllowed) out.add(() => notOneOf(name, value, values));
}

/** compat: before it is compared a value is converted: a number to a whole one, or to the letter that has it. */
function isSame(value: Json, allowed: Json): boolean {
  if (value === null || allowed === null) return false;
  if (typeof value !== 'number') return deepEqual(value, allowed);
  if (typeof allowed === 'number') return Number.isInteger(allowed) ? Math.trunc(value) === allowed : value === allowed;
  return typeof allowed === 'string' && Number.isInteger(value) && letterOf(value) === allowed;
}

const letterOf = (code: number): string => (code >= 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : '\ufffd');

const texts = new WeakMap<readonly Json[], ReadonlySet<Json>>();

function textsOf(values: readonly Json[]): ReadonlySet<Json> {
  let known = texts.get(values);
  if (!known) {
    known = new Set(values.filter((value) => typeof value === 'string'));
    texts.set(values, known);
  }
  return known;
}
