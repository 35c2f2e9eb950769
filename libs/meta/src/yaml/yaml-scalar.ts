/** What a scalar means. A bigint is an integer that a number cannot hold. */
export type YamlScalar = string | number | bigint | boolean | null;

export class YamlError extends Error {
  override readonly name = 'YamlError';
}

const namespace = 'tag:yaml.org,2002:';
const short = (tag: string): string => (tag.startsWith(namespace) ? `!!${tag.slice(namespace.length)}` : tag);

const words: ReadonlyMap<string, boolean | number | null> = new Map<string, boolean | number | null>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, Number.POSITIVE_INFINITY] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, Number.NEGATIVE_INFINITY] as const),
]);
const longestWord = 5;

const date = /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt ]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[-+]\d{2}:\d{2})?)?$/;
const integer = /^([-+]?)(?:(0[xX])([0-9a-fA-F]+)|(0[bB])([01]+)|(0[oO]?)([0-7]+)|([1-9]\d*|0))$/;
const decimal = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
/** Digits of the largest integer of 64 bits in any notation. */
const mostDigits = 66;

/**
 * compat: a scalar as Go's library of YAML 1.1 reads it: `0o640` and `0640` are octal, `yes` and `on` are true, `12:30` and
 * `2026-11-24` are texts. `tag` is '' for none; `implicit` is false for what stands in quotes.
 */
export function resolveScalar(tag: string, text: string, implicit: boolean): YamlScalar {
  switch (tag) {
    case '':
      return implicit ? plainValue(text) : text;
    case `${namespace}str`:
      return text;
    case `${namespace}binary`:
      return binary(text);
    case `${namespace}null`:
    case `${namespace}bool`:
    case `${namespace}int`:
    case `${namespace}float`:
    case `${namespace}timestamp`:
      return tagged(short(tag), text);
    default:
      return text;
  }
}

function tagged(tag: string, text: string): YamlScalar {
  if (tag === '!!timestamp' && date.test(text)) return text;
  const value = plainValue(text);
  const kind = kindOf(value);
  if (kind === tag || (tag === '!!float' && kind === '!!int')) return value;
  throw new YamlError(`cannot decode ${kind} \`${text}\` as a ${tag}`);
}

function kindOf(value: YamlScalar): string {
  if (value === null) return '!!null';
  if (typeof value === 'boolean') return '!!bool';
  if (typeof value === 'string') return '!!str';
  return typeof value === 'bigint' || Number.isInteger(value) ? '!!int' : '!!float';
}

function binary(text: string): string {
  const bare = text.replace(/[\r\n]/g, '');
  if (bare.length % 4 !== 0 || /[^A-Za-z0-9+/]/.test(bare.replace(/={1,2}$/, '')))
    throw new YamlError('!!binary value contains invalid base64 data');
  return Buffer.from(bare, 'base64').toString('utf8');
}

function plainValue(text: string): YamlScalar {
  if (text.length <= longestWord) {
    const word = words.get(text);
    if (word !== undefined) return word;
  }
  const first = text.charCodeAt(0);
  const startsNumber = (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d || first === 0x2e;
  return startsNumber ? numberOrText(text, first) : text;
}

function numberOrText(text: string, first: number): YamlScalar {
  if (first !== 0x2e && date.test(text)) return text;
  const plain = text.includes('_') ? (first === 0x2e ? betweenDigits(text) : text.replaceAll('_', '')) : text;
  if (first !== 0x2e) {
    const whole = wholeNumber(plain);
    if (whole !== undefined) return whole;
  }
  if (!decimal.test(plain)) return text;
  const value = Number(plain);
  return Number.isFinite(value) ? value : text;
}

/** compat: what begins with a point may have them between digits only. */
const betweenDigits = (text: string): string => text.replace(/(?<=\d)_(?=\d)/g, '');

function wholeNumber(text: string): number | bigint | undefined {
  if (text.length > mostDigits) return undefined;
  const match = integer.exec(text);
  if (!match) return undefined;
  const [, sign, , hex, , bits, , octal, digits] = match;
  const magnitude = BigInt(
    hex !== undefined ? `0x${hex}` : bits !== undefined ? `0b${bits}` : octal !== undefined ? `0o${octal}` : digits!,
  );
  const value = sign === '-' ? -magnitude : magnitude;
  if (value > 0xffff_ffff_ffff_ffffn || value < -0x8000_0000_0000_0000n) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** compat: a key that is no text becomes one as Go prints it, floats with the precision of 32 bits. */
export function keyText(key: YamlScalar): string {
  if (typeof key === 'string') return key;
  if (key === null) throw new YamlError('unsupported map key of type: %!s(<nil>), key: <nil>');
  if (typeof key === 'bigint' && BigInt.asIntN(64, key) !== key)
    throw new YamlError(`unsupported map key of type: uint64, key: 0x${key.toString(16)}`);
  if (typeof key !== 'number' || Number.isSafeInteger(key)) return String(key);
  if (Number.isNaN(key)) return '.nan';
  return floatText(Math.fround(key));
}

function floatText(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  let text = '';
  for (let digits = 1; digits <= 9; digits++) {
    text = value.toExponential(digits - 1);
    if (Math.fround(Number(text)) === value) break;
  }
  const [mantissa = '', exponent = '0'] = text.split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(Number(text));
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
