/**
 * Amounts of resources, exact: parsed, kept and compared as whole billionths. Source of grammar, rounding and canonical form: the
 * documentation of `resource.Quantity` (facts).
 */
export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

export interface Quantity {
  readonly nano: bigint;
  /** The family of suffixes it is written with. */
  readonly format: QuantityFormat;
}

/** What is not a quantity. The message is the wire's. */
export class QuantityError extends Error {
  override readonly name = 'QuantityError';
}

/** Unambiguous, so that it is linear: digits after the number's own only follow a letter or a sign. */
const grammar = /^([+-]?)(\d*)(?:\.(\d*))?([eEinumkKMGTP]+\d*|[eEinumkKMGTP]*[-+]\d*)?$/;
/** What a text, or anything else, that is no quantity is told. */
export const quantityWords =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const wrongSuffix = "unable to parse quantity's suffix";
const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const one = 1_000_000_000n;
/** Larger magnitudes are capped here. */
const maxNano = (2n ** 63n - 1n) * one;

const cache = new Map<string, Quantity>();
const cacheLimit = 4096;
const longestCached = 64;

/** Throws QuantityError. Digits beyond a billionth are rounded away from zero. */
export function parseQuantity(text: string | number): Quantity {
  const key = String(text);
  const known = cache.get(key);
  if (known) return known;
  const quantity = parse(key.trim());
  if (key.length > longestCached) return quantity;
  if (cache.size >= cacheLimit) cache.clear();
  cache.set(key, quantity);
  return quantity;
}

function parse(text: string): Quantity {
  const match = grammar.exec(text);
  const [, sign, whole = '', fraction = '', suffix = ''] = match ?? [];
  if (!match || whole + fraction === '') throw new QuantityError(quantityWords);
  const { numerator, denominator, format } = scaleOf(suffix);
  const before = whole.length > mostDigits ? whole.replace(/^0+/, '').slice(0, mostDigits) : whole;
  const after = shortened(fraction);
  const digits = BigInt(before + after) * numerator * one;
  const divisor = denominator * 10n ** BigInt(after.length);
  const magnitude = min((digits + divisor - 1n) / divisor, maxNano);
  return { nano: sign === '-' ? -magnitude : magnitude, format };
}

/** More digits than this before the point are beyond every cap; more behind it only round up. */
const mostDigits = 450;

function shortened(fraction: string): string {
  if (fraction.length <= mostDigits) return fraction;
  return `${fraction.slice(0, mostDigits)}${/[1-9]/.test(fraction.slice(mostDigits)) ? '1' : '0'}`;
}

function scaleOf(suffix: string): { numerator: bigint; denominator: bigint; format: QuantityFormat } {
  const binary = binarySuffixes.indexOf(suffix);
  if (binary > 0) return { numerator: 1024n ** BigInt(binary), denominator: 1n, format: 'BinarySI' };
  const decimal = decimalSuffixes.indexOf(suffix);
  if (decimal >= 0) return { ...powerOfTen((decimal - 3) * 3), format: 'DecimalSI' };
  const exponent = /^[eE]([-+]?\d+)$/.exec(suffix)?.[1];
  if (exponent === undefined) throw new QuantityError(wrongSuffix);
  // Beyond this every amount is capped or rounded anyway; an exponent from a client must not make huge numbers.
  return { ...powerOfTen(Math.max(-400, Math.min(400, Number(exponent)))), format: 'DecimalExponent' };
}

function powerOfTen(exponent: number): { numerator: bigint; denominator: bigint } {
  const power = 10n ** BigInt(Math.abs(exponent));
  return exponent >= 0 ? { numerator: power, denominator: 1n } : { numerator: 1n, denominator: power };
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const abs = (a: bigint): bigint => (a < 0n ? -a : a);

/** The canonical text: no fraction, the largest suffix that loses nothing. */
export function formatQuantity(quantity: Quantity): string {
  const { nano, format } = quantity;
  if (nano === 0n) return '0';
  if (format === 'BinarySI' && abs(nano) >= 1024n * one && nano % one === 0n) return formatBinary(nano / one);
  let amount = nano;
  let exponent = -9;
  while (exponent < 18 && amount % 1000n === 0n) {
    amount /= 1000n;
    exponent += 3;
  }
  if (format === 'DecimalExponent') return exponent === 0 ? String(amount) : `${amount}e${exponent}`;
  return `${amount}${decimalSuffixes[exponent / 3 + 3]}`;
}

function formatBinary(amount: bigint): string {
  let power = 0;
  while (power < 6 && amount % 1024n === 0n) {
    amount /= 1024n;
    power++;
  }
  return `${amount}${binarySuffixes[power]}`;
}

type Amount = string | number | Quantity;
const toQuantity = (amount: Amount): Quantity => (typeof amount === 'object' ? amount : parseQuantity(amount));

/** The canonical text of a text. */
export const canonicalQuantity = (text: string | number): string => formatQuantity(parseQuantity(text));

/** Below zero, zero or above zero, for sorting. */
export function compareQuantities(a: Amount, b: Amount): number {
  const left = toQuantity(a).nano;
  const right = toQuantity(b).nano;
  return left < right ? -1 : left > right ? 1 : 0;
}

const capped = (nano: bigint): bigint => (nano > maxNano ? maxNano : nano < -maxNano ? -maxNano : nano);

/** Keeps the format of `a` unless `a` is zero. */
export function addQuantities(a: Amount, b: Amount): Quantity {
  const left = toQuantity(a);
  const right = toQuantity(b);
  return { nano: capped(left.nano + right.nano), format: left.nano === 0n ? right.format : left.format };
}

export function subtractQuantities(a: Amount, b: Amount): Quantity {
  const right = toQuantity(b);
  return addQuantities(a, { nano: -right.nano, format: right.format });
}

const ceilDivide = (a: bigint, b: bigint): bigint => (a > 0n ? (a + b - 1n) / b : -(-a / b));

/** Whole units, rounded up: bytes of memory. */
export const quantityValue = (amount: Amount): number => Number(ceilDivide(toQuantity(amount).nano, one));

/** Thousandths, rounded up: millicores. */
export const quantityMilli = (amount: Amount): number => Number(ceilDivide(toQuantity(amount).nano, 1_000_000n));
