import type { Milliseconds } from '@kubernest/kit';

const units: Readonly<Record<string, Milliseconds>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Go counts nanoseconds in 63 bits. */
const MOST: Milliseconds = 2 ** 63 / 1e6;

/** A length in Go's notation (`1h30m`, `1.5s`, `300ms`) in milliseconds; undefined when it is none. */
export function parseDuration(text: string): Milliseconds | undefined {
  const read = readDuration(text);
  return typeof read === 'number' ? read : undefined;
}

/** The same, or what is wrong with it. compat: in Go's words, which clients are shown. */
export function readDuration(text: string): Milliseconds | { readonly fault: string } {
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  if (text === `${sign}0`) return 0;
  const fault = (what: string) => ({ fault: `time: ${what} ${JSON.stringify(text)}` });
  if (text === sign) return fault('invalid duration');
  const part = /(\d+(?:\.\d*)?|\.\d+)([^.\d]*)/y;
  let total = 0;
  for (part.lastIndex = sign.length; part.lastIndex < text.length; ) {
    const [, amount, unit] = part.exec(text) ?? [];
    if (amount === undefined) return fault('invalid duration');
    if (!unit) return fault('missing unit in duration');
    if (!Object.hasOwn(units, unit)) return fault(`unknown unit ${JSON.stringify(unit)} in duration`);
    total += Number(amount) * units[unit]!;
    if (total > MOST) return fault('invalid duration');
  }
  return sign === '-' ? -total : total;
}
