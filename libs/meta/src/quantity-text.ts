/** How a quantity is written, digit by digit: nothing here grows with its exponent. */
export interface WrittenQuantity {
  readonly negative: boolean;
  /** Without leading zeros; '' and `fraction` of zeros: nothing at all. */
  readonly whole: string;
  readonly fraction: string;
  /** Of `base`. */
  readonly exponent: number;
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
export function canonicalDecimal(written: WrittenQuantity, places: number): { digits: string; exponent: number } {
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
