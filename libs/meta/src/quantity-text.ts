/** How a quantity is written, digit by digit: nothing here grows with its exponent. */
export interface WrittenQuantity {
  readonly negative: boolean;
  /** Without leading zeros; '' and `fraction` of zeros: nothing at all. */
  readonly whole: string;
  readonly fraction: string;
  /** Of `base`. */
  readonly exponent: number;
}

/** An amount, digit by digit: its first digit is no zero, but where it is nothing, and there are no more zeros at its end than its exponent takes. */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  /** Of ten; a multiple of three. */
  readonly exponent: number;
}

/** Below zero, zero or above zero. Not of nothing. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  if (a.negative !== b.negative) return a.negative ? -1 : 1;
  const places = a.digits.length + a.exponent - b.digits.length - b.exponent;
  const larger = places === 0 ? compareDigits(a.digits, b.digits) : Math.sign(places);
  return a.negative ? -larger + 0 : larger;
}

/** Of two that begin at the same place, the one with fewer digits has zeros there. */
function compareDigits(a: string, b: string): number {
  const length = Math.max(a.length, b.length);
  const left = a.padEnd(length, '0');
  const right = b.padEnd(length, '0');
  return left < right ? -1 : left > right ? 1 : 0;
}

/** What fits into Go's integers for sure. */
const mostDigits = 18;
const mostBinaryDigits = 15;
const nanoPlaces = 9;

/** Kubernetes reads it in one go. */
export function isSimple(written: WrittenQuantity, base: 2 | 10): boolean {
  const { whole, fraction, exponent } = written;
  const digits = (whole || '0') + fraction;
  if (base === 10) return digits.length <= mostDigits && exponent - fraction.length >= -nanoPlaces;
  return fraction === '' && mostBinaryDigits - digits.length - Math.floor((exponent * 3) / 10) > 0;
}

/** compat: where Kubernetes finds a text canonical enough, it answers it as it was sent: `1.500`, `+5`, `007`, `1E3`. */
export function isKept(written: WrittenQuantity, base: 2 | 10): boolean {
  if (!isSimple(written, base)) return false;
  return base === 10 ? isKeptDecimal(written) : (Number(written.whole) & 7) !== 0;
}

function isKeptDecimal({ whole, fraction, exponent }: WrittenQuantity): boolean {
  const digits = (whole || '0') + fraction;
  const scale = exponent - fraction.length;
  return scale % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0');
}

/** A decimal as digits and an exponent of ten, which is a multiple of three; what is smaller than `places` allow is rounded away from zero. */
export function canonicalDecimal(written: WrittenQuantity, places: number): Omit<Decimal, 'negative'> {
  let digits = written.whole + written.fraction;
  let scale = written.exponent - written.fraction.length;
  if (scale < -places) {
    const cut = Math.max(0, digits.length - (-places - scale));
    const lost = hasNonZero(digits, cut);
    digits = lost ? incremented(digits.slice(0, cut)) : digits.slice(0, cut);
    scale = -places;
  }
  const start = firstNonZero(digits);
  const end = afterLastNonZero(digits);
  if (start >= end) return { digits: '0', exponent: 0 };
  scale += digits.length - end;
  const left = ((scale % 3) + 3) % 3;
  return { digits: digits.slice(start, end) + '0'.repeat(left), exponent: scale - left };
}

function hasNonZero(digits: string, from: number): boolean {
  for (let i = from; i < digits.length; i++) if (digits[i] !== '0') return true;
  return false;
}

function firstNonZero(digits: string): number {
  let at = 0;
  while (digits[at] === '0') at++;
  return at;
}

function afterLastNonZero(digits: string): number {
  let at = digits.length;
  while (at > 0 && digits[at - 1] === '0') at--;
  return at;
}

function incremented(digits: string): string {
  let at = digits.length;
  while (at > 0 && digits[at - 1] === '9') at--;
  const zeros = '0'.repeat(digits.length - at);
  return at === 0 ? `1${zeros}` : `${digits.slice(0, at - 1)}${Number(digits[at - 1]) + 1}${zeros}`;
}
