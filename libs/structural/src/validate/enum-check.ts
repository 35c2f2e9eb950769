import { deepEqual, type Json } from '@kubernest/meta';
import type { Findings } from './findings.ts';
import { notOneOf } from './words.ts';

/** Whether the value is one of those that are allowed. compat: a null is none, whatever they are. */
export function checkEnum(values: readonly Json[] | undefined, value: Json, name: string, out: Findings): void {
  if (!values || values.length === 0) return;
  if (!isAllowed(indices.getOrInsertComputed(values, indexOf), value)) out.add(() => notOneOf(name, value, values));
}

/** What is allowed, so that a value need not be held against each. */
interface Index {
  readonly scalars: ReadonlySet<Json>;
  readonly whole: ReadonlySet<number>;
  readonly others: readonly Json[];
}

/** compat: before it is compared a value is converted: a number to a whole one, or to the letter that has it. */
function isAllowed({ scalars, whole, others }: Index, value: Json): boolean {
  if (value === null) return false;
  if (typeof value === 'object') return others.some((one) => deepEqual(value, one));
  if (typeof value === 'bigint') return scalars.has(value) || scalars.has(noLetter);
  if (typeof value !== 'number') return scalars.has(value);
  if (whole.has(Math.trunc(value))) return true;
  return Number.isInteger(value) ? scalars.has(letterOf(value)) : scalars.has(value);
}

const noLetter = '\ufffd';
const letterOf = (code: number): string => (code >= 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : noLetter);

const indices = new WeakMap<readonly Json[], Index>();

function indexOf(values: readonly Json[]): Index {
  const isScalar = (value: Json): boolean => typeof value !== 'object';
  const whole = values.filter((value): value is number => typeof value === 'number' && Number.isInteger(value));
  return {
    scalars: new Set(values.filter(isScalar)),
    whole: new Set(whole),
    others: values.filter((value) => !isScalar(value) && value !== null),
  };
}
