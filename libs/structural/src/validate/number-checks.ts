import type { ValueChecks } from '@kubernest/meta';
import { type Findings, general } from './findings.ts';
import { noFactor, notMultiple, outOfBounds, toldNumber } from './words.ts';

/** compat: in Go a whole number is an integer of 64 bits, and bounds are cut to such before they are compared with one. */
const isInt64 = (value: number | bigint): boolean =>
  typeof value === 'bigint' || (Number.isInteger(value) && Math.abs(value) < 2 ** 63);

const MOST_FLOAT32 = 3.402_823_466_385_288_6e38;

type Bounded = 'Checked' | 'MultipleOf' | 'Maximum boundary' | 'Minimum boundary';

/** What of a number the checks find. */
export function checkNumber(checks: ValueChecks, value: number | bigint, name: string, out: Findings): void {
  checkRange(checks, value, name, 'Checked', out);
  checkMultiple(checks, value, name, out);
  checkMaximum(checks, value, name, out);
  checkMinimum(checks, value, name, out);
  out.matches += 2;
}

/** Whether the type can hold the number at all. False, and told, where it cannot. */
function checkRange(checks: ValueChecks, value: number | bigint, name: string, what: Bounded, out: Findings): boolean {
  const type = checks.types?.length === 1 ? checks.types[0] : undefined;
  const format = type === undefined ? undefined : heldFormats[type]?.find((held) => held === checks.format);
  if (holds(type, format, value)) return true;
  const told = format === undefined ? '(default format)' : `with format ${format}`;
  out.add(() => general(`${what} value must be of type ${type} ${told} in ${name}`));
  return false;
}

const heldFormats: Readonly<Record<string, readonly string[]>> = {
  integer: ['int32', 'int64'],
  number: ['float', 'double'],
};

function holds(type: string | undefined, format: string | undefined, value: number | bigint): boolean {
  if (typeof value === 'bigint') return format !== 'int32';
  if (type === 'integer') return format === 'int32' ? Object.is(value | 0, value) || value === 0 : isInt64(value);
  return format !== 'float' || Math.abs(value) <= MOST_FLOAT32;
}

function checkMultiple(checks: ValueChecks, value: number | bigint, name: string, out: Findings): void {
  const { multipleOf } = checks;
  if (multipleOf === undefined) return;
  const isNative = checkRange(checks, multipleOf, name, 'MultipleOf', out) && isInt64(value);
  const factor = isNative ? Math.trunc(multipleOf) : multipleOf;
  const told = toldNumber(factor, isNative);
  if (factor <= 0) out.add(() => noFactor(name, factor, told));
  else if (isNative ? hasRest(value, factor) : !isNearlyWhole(quotient(Number(value), factor)))
    out.add(() => notMultiple(name, told, value));
}

const hasRest = (value: number | bigint, factor: number): boolean =>
  typeof value === 'bigint' ? value % BigInt(factor) !== 0n : value % factor !== 0;

const quotient = (value: number, factor: number): number => (factor < 1 ? (1 / factor) * value : value / factor);

function checkMaximum(checks: ValueChecks, value: number | bigint, name: string, out: Findings): void {
  if (checks.maximum === undefined) return;
  const isNative = checkRange(checks, checks.maximum, name, 'Maximum boundary', out) && isInt64(value);
  const bound = isNative ? Math.trunc(checks.maximum) : checks.maximum;
  const held = isNative ? value : Number(value);
  if (checks.exclusiveMaximum ? held < bound : held <= bound) return;
  const words = checks.exclusiveMaximum ? 'less than' : 'less than or equal to';
  out.add(() => outOfBounds(name, `${words} ${toldNumber(bound, isNative)}`, value));
}

function checkMinimum(checks: ValueChecks, value: number | bigint, name: string, out: Findings): void {
  if (checks.minimum === undefined) return;
  const isNative = checkRange(checks, checks.minimum, name, 'Minimum boundary', out) && isInt64(value);
  const bound = isNative ? Math.trunc(checks.minimum) : checks.minimum;
  const held = isNative ? value : Number(value);
  if (checks.exclusiveMinimum ? held > bound : held >= bound) return;
  const words = checks.exclusiveMinimum ? 'greater than' : 'greater than or equal to';
  out.add(() => outOfBounds(name, `${words} ${toldNumber(bound, isNative)}`, value));
}

const EPSILON = 1e-9;

/** compat: what arithmetic with fractions has left of a whole number is one. */
export function isNearlyWhole(value: number): boolean {
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) return false;
  const whole = Math.trunc(value);
  if (whole === value) return true;
  return value > 0 && whole !== 0 && (value - whole) / (value + whole) < EPSILON;
}
