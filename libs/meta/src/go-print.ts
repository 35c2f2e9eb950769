import { goQuoted } from './go-words.ts';
import type { Json } from './object.ts';
import { isObject } from './value.ts';

/** compat: how Go prints a value that it has decoded. Whole numbers are integers as far as 64 bits reach. */

/** `%T` */
export function goTypeOf(value: Json): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'object') return 'map[string]interface {}';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  return isInt64(value) ? 'int64' : 'float64';
}

/** `%v`: `map[a:1 b:[x <nil>]]` */
export function goShown(value: Json): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goShown).join(' ')}]`;
  if (isObject(value)) return `map[${entries(value, (key, item) => `${key}:${goShown(item)}`).join(' ')}]`;
  return typeof value === 'string' ? value : goScalar(value);
}

/** `%#v`: `map[string]interface {}{"a":1}` */
export function goSyntax(value: Json): string {
  if (value === null) return 'interface {}(nil)';
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (isObject(value)) {
    const items = entries(value, (key, item) => `${goQuoted(key)}:${goSyntax(item)}`);
    return `map[string]interface {}{${items.join(', ')}}`;
  }
  return typeof value === 'string' ? goQuoted(value) : goScalar(value);
}

const entries = (value: { readonly [key: string]: Json }, show: (key: string, item: Json) => string): string[] =>
  Object.keys(value)
    .sort()
    .map((key) => show(key, value[key]!));

function goScalar(value: unknown): string {
  if (typeof value === 'boolean') return String(value);
  return isInt64(value) ? String(BigInt(value as number)) : goFloat(Number(value));
}

const isInt64 = (value: unknown): boolean =>
  (typeof value === 'bigint' || Number.isInteger(value)) &&
  BigInt.asIntN(64, BigInt(value as number)) === BigInt(value as number);

/** The fewest digits that name it; as a power of ten from 10^6 on or below 10^-4. */
export function goFloat(value: number): string {
  const [digits = '', power = ''] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return String(value);
  return `${digits}e${power[0]}${power.slice(1).padStart(2, '0')}`;
}
