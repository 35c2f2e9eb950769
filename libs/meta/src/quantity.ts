import { plainQuantity } from './plain-quantity.ts';
import {
  canonicalDecimal,
  compareDecimals,
  type Decimal,
  isKept,
  isSimple,
  type WrittenQuantity,
} from './quantity-text.ts';
import { Recent } from './recent.ts';

/**
 * Amounts of resources, exact: parsed, kept and compared as whole billionths. Source of grammar, rounding and canonical form: the
 * documentation of `resource.Quantity` (facts).
 */
export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

export interface Quantity {
  readonly nano: bigint;
  /** The family of suffixes it is written with. */
  readonly format: QuantityFormat;
  /** The amount itself where it is too large to count with; then `nano` is only larger than what is not. */
  readonly beyond?: Decimal;
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
const noNumber = 'unable to parse numeric part of quantity';
const wrongSuffix = "unable to parse quantity's suffix";
const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const one = 1_000_000_000n;
/** compat: larger magnitudes are capped here, but only those with a binary suffix. */
const maxNano = (2n ** 63n - 1n) * one;

const recentlyParsed = new Recent<Quantity>();

/** Throws QuantityError. Digits beyond a billionth are rounded away from zero. */
export const parseQuantity = (text: string | number): Quantity =>
  recentlyParsed.of(String(text), (key) => parse(key.trim()));

function parse(text: string): Quantity {
  const { written, base, format } = read(text);
  if (isLong(written)) return parseLong(written, base, format);
  const { numerator, denominator } = power(base, written.exponent);
  const digits = BigInt(written.whole + written.fraction) * numerator * one;
  const divisor = denominator * 10n ** BigInt(written.fraction.length);
  return quantityOf(written, base, { magnitude: (digits + divisor - 1n) / divisor, format });
}

function quantityOf(
  { negative }: WrittenQuantity,
  base: 2 | 10,
  { magnitude, format }: { readonly magnitude: bigint; readonly format: QuantityFormat },
): Quantity {
  const isBelowOne = magnitude > 0n && magnitude < one;
  return {
    nano: signed(negative, base === 2 ? min(magnitude, maxNano) : magnitude),
    format: base === 2 && isBelowOne ? 'DecimalSI' : format,
  };
}

/** Neither its digits nor its exponent, which come from a client, are to make huge numbers. */
function parseLong(written: WrittenQuantity, base: 2 | 10, format: QuantityFormat): Quantity {
  if (base === 2) return parseLongBinary(written, format);
  const decimal = canonicalDecimal(written, 9);
  if (decimal.digits.length + decimal.exponent <= mostDigits) {
    const magnitude = BigInt(decimal.digits) * 10n ** BigInt(decimal.exponent + 9);
    return quantityOf(written, 10, { magnitude, format });
  }
  const beyond = { ...decimal, negative: written.negative };
  return { nano: signed(written.negative, beyondNano), format, beyond };
}

/** More digits than that before the point are beyond the cap; more behind it only round up. */
function parseLongBinary(written: WrittenQuantity, format: QuantityFormat): Quantity {
  const fraction = shortened(written.fraction);
  const digits = BigInt(written.whole.slice(0, mostDigits) + fraction) * (1n << BigInt(written.exponent)) * one;
  const divisor = 10n ** BigInt(fraction.length);
  return quantityOf(written, 2, { magnitude: (digits + divisor - 1n) / divisor, format });
}

const signed = (negative: boolean, magnitude: bigint): bigint => (negative ? -magnitude : magnitude);

interface Reading {
  readonly written: WrittenQuantity;
  readonly base: 2 | 10;
  readonly format: QuantityFormat;
}

function read(text: string): Reading {
  const match = grammar.exec(text);
  const [, sign, whole = '', fraction = '', suffix = ''] = match ?? [];
  // compat: no digits at all are nothing (`-`, `.`, `Mi`), but not no text.
  if (!match || text === '') throw new QuantityError(quantityWords);
  const { base, exponent, format } = scaleOf(suffix);
  const written = { negative: sign === '-', whole: withoutLeadingZeros(whole), fraction, exponent };
  if (whole + fraction === '' && !isSimple(written, base)) throw new QuantityError(noNumber);
  return { written, base, format };
}

const withoutLeadingZeros = (digits: string): string => digits.slice(/^0*/.exec(digits)![0].length);

const mostDigits = 450;
const mostCountedExponent = 400;
const beyondNano = 10n ** 900n;

const isLong = ({ whole, fraction, exponent }: WrittenQuantity): boolean =>
  whole.length + fraction.length > mostDigits || Math.abs(exponent) > mostCountedExponent;

function shortened(fraction: string): string {
  if (fraction.length <= mostDigits) return fraction;
  return `${fraction.slice(0, mostDigits)}${/[1-9]/.test(fraction.slice(mostDigits)) ? '1' : '0'}`;
}

function scaleOf(suffix: string): Omit<Reading, 'written'> & { readonly exponent: number } {
  const binary = binarySuffixes.indexOf(suffix);
  if (binary > 0) return { base: 2, exponent: binary * 10, format: 'BinarySI' };
  const decimal = decimalSuffixes.indexOf(suffix);
  if (decimal >= 0) return { base: 10, exponent: (decimal - 3) * 3, format: 'DecimalSI' };
  const exponent = Number(/^[eE]([-+]?\d+)$/.exec(suffix)?.[1]);
  if (!(Math.abs(exponent) < mostExponent)) throw new QuantityError(wrongSuffix);
  return { base: 10, exponent, format: 'DecimalExponent' };
}

/** Kubernetes takes larger ones, and then loses count. */
const mostExponent = 2 ** 31;

function power(base: 2 | 10, exponent: number): { numerator: bigint; denominator: bigint } {
  const whole = BigInt(base) ** BigInt(Math.abs(exponent));
  return exponent >= 0 ? { numerator: whole, denominator: 1n } : { numerator: 1n, denominator: whole };
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const abs = (a: bigint): bigint => (a < 0n ? -a : a);

/** The canonical text: no fraction, the largest suffix that loses nothing. */
export function formatQuantity(quantity: Quantity): string {
  const { nano, format, beyond } = quantity;
  if (nano === 0n) return '0';
  if (beyond) return signedText(beyond, format);
  if (format === 'BinarySI' && abs(nano) >= 1024n * one && nano % one === 0n) return formatBinary(nano / one);
  let amount = nano;
  let exponent = -9;
  while (amount % 1000n === 0n) {
    amount /= 1000n;
    exponent += 3;
  }
  return withSuffix(String(amount), exponent, format);
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

/** The text that Kubernetes answers where this one was sent. */
export const canonicalQuantity = (text: string | number): string =>
  recentQuantities.of(String(text), (key) => answeredText(key.trim(), 9));

const recentQuantities = new Recent<string>();

/** The same in a list of resources, which knows no less than a thousandth: what is smaller is rounded up. */
export const canonicalAmount = (text: string | number): string =>
  recentAmounts.of(String(text), (key) => answeredText(key.trim(), 3));

const recentAmounts = new Recent<string>();

function answeredText(text: string, places: number): string {
  const { written, base, format } = read(text);
  const isFiner = base === 10 && written.exponent - written.fraction.length < -places;
  if (isKept(written, base) && !isFiner) return text;
  if (base === 2) {
    const quantity = parseQuantity(text);
    return formatQuantity(places === 9 ? quantity : { ...quantity, nano: toMilli(quantity.nano) * perMilli });
  }
  const { digits, exponent } = canonicalDecimal(written, places);
  return digits === '0' ? '0' : signedText({ negative: written.negative, digits, exponent }, format);
}

const signedText = ({ negative, digits, exponent }: Decimal, format: QuantityFormat): string =>
  `${negative ? '-' : ''}${withSuffix(digits, exponent, format)}`;

const perMilli = 1_000_000n;
const toMilli = (nano: bigint): bigint => divideUp(nano, perMilli);

function withSuffix(digits: string, exponent: number, format: QuantityFormat): string {
  if (format === 'DecimalExponent') return exponent === 0 ? digits : `${digits}e${exponent}`;
  const most = Math.min(exponent, 18);
  return `${digits}${'0'.repeat(exponent - most)}${decimalSuffixes[most / 3 + 3]}`;
}

/** Below zero, zero or above zero, for sorting. */
export function compareQuantities(a: Amount, b: Amount): number {
  const left = toQuantity(a);
  const right = toQuantity(b);
  if (left.beyond && right.beyond) return compareDecimals(left.beyond, right.beyond);
  return left.nano < right.nano ? -1 : left.nano > right.nano ? 1 : 0;
}

/** Keeps the format of `a` unless `a` is zero. */
export function addQuantities(a: Amount, b: Amount): Quantity {
  const left = toQuantity(a);
  const right = toQuantity(b);
  return { nano: left.nano + right.nano, format: left.nano === 0n ? right.format : left.format };
}

export function subtractQuantities(a: Amount, b: Amount): Quantity {
  const right = toQuantity(b);
  return addQuantities(a, { nano: -right.nano, format: right.format });
}

/** Away from zero, as Kubernetes rounds. */
const divideUp = (a: bigint, b: bigint): bigint => signed(a < 0n, (abs(a) + b - 1n) / b);

/** Whole units, rounded away from zero: bytes of memory. */
export const quantityValue = (amount: Amount): number =>
  plainQuantity(amount, 1) ?? Number(divideUp(toQuantity(amount).nano, one));

/** Thousandths, rounded away from zero: millicores. */
export const quantityMilli = (amount: Amount): number =>
  plainQuantity(amount, 1000) ?? Number(toMilli(toQuantity(amount).nano));
