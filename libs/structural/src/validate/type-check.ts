import type { Json, ValueChecks, ValueType } from '@kubernest/meta';
import type { Findings } from './findings.ts';
import { isNearlyWhole } from './number-checks.ts';
import { wrongType } from './words.ts';

/** JSON's name of a value's type. */
export function typeOf(value: Json): ValueType | 'null' {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'bigint') return 'integer';
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? 'integer' : 'number';
  return typeof value as ValueType;
}

/** A null is of a type where it is allowed to be, and has nothing else to be checked for but the enumeration. */
export function checkNull({ types, nullable }: ValueChecks, name: string, out: Findings): void {
  if (types && !nullable) out.add(() => wrongType(name, types.join(','), 'null'));
  else out.matches++;
}

/** Whether the value, which is not null, is of a type that is allowed. */
export function checkType({ types = [], format }: ValueChecks, value: Json, name: string, out: Findings): void {
  if (types.length === 0 && format === undefined) return;
  out.matches++;
  const found = typeOf(value) as ValueType;
  const isNumber = types.includes('number') || types.includes('integer');
  const isOf = types.includes(found) || isWidened(types, found, value);
  const isListed = found === 'string' || found === 'array';
  if (format !== undefined && !isListed && !isOf && goFormat[found] !== format) {
    out.add(() => wrongType(name, format, goFormat[found] ?? ''));
    return;
  }
  // compat: a format is looked at only in texts, and of a list with one nobody asks for the type.
  if (!isNumber && format !== undefined && isListed) out.matches++;
  else if (isOf) out.matches++;
  else out.add(() => wrongType(name, types.join(','), found));
}

/** compat: what Go calls the format of a decoded number. */
const goFormat: Readonly<Partial<Record<ValueType, string>>> = { integer: 'int64', number: 'float64' };

const isWidened = (types: readonly ValueType[], found: ValueType, value: Json): boolean =>
  (found === 'integer' && types.includes('number')) ||
  (found === 'number' && types.includes('integer') && isNearlyWhole(value as number));
