import type { Formats } from './formats.ts';

export const timeFormats: Formats = {
  date: isDate,
  datetime(text) {
    const [date = '', time] = text.toLowerCase().split('t');
    if (text.length < 4 || time === undefined || !isDate(date)) return false;
    const parts = /^([0-9]{2}):([0-9]{2}):([0-9]{2})([^\n][0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))$/.exec(time);
    return parts !== null && parts[1]! <= '23' && parts[2]! <= '59' && parts[3]! <= '59';
  },
  duration: (text) => isGoDuration(text) || hasDuration(text),
};

function isDate(text: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!parts) return false;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

const daysIn = (year: number, month: number): number => {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
};

const nanoseconds: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const MOST_NANOSECONDS = 2n ** 63n;

/** `1h30m`, `-1.5s`, `0`: no longer than 64 bits can tell in nanoseconds. */
function isGoDuration(text: string): boolean {
  const amount = /^[-+]/.test(text) ? text.slice(1) : text;
  if (amount === '0') return true;
  const part = /(?:(\d+)(?:\.(\d*))?|\.(\d+))(ns|us|µs|μs|ms|s|m|h)/y;
  let total = 0n;
  while (part.lastIndex < amount.length) {
    const [found, whole = '0', rest, only, unit] = part.exec(amount) ?? [];
    if (found === undefined || isHuge(whole)) return false;
    const size = nanoseconds[unit!]!;
    total += BigInt(whole) * size + BigInt(Math.trunc(Number(`0.${rest ?? only ?? ''}`) * Number(size)));
    if (total > MOST_NANOSECONDS) return false;
  }
  return amount !== '' && (total < MOST_NANOSECONDS || text.startsWith('-'));
}

/** More than 64 bits hold, or nearly. */
const isHuge = (digits: string): boolean => digits.replace(/^0+/, '').length > 19;

/** Exactly, or what it begins with; the last of each stands for its longer forms too. */
const units: readonly (readonly [readonly string[], string])[] = [
  [['ns', 'nano'], 'nano'],
  [['us', 'µs', 'micro'], 'micro'],
  [['ms', 'milli'], 'milli'],
  [['s', 'sec'], 'sec'],
  [['m', 'min'], 'min'],
  [['h', 'hr', 'hour'], 'hour'],
  [['d', 'day'], 'day'],
  [['w', 'wk', 'week'], 'week'],
];

/** compat: `2 days` anywhere in a text makes it a duration. */
function hasDuration(text: string): boolean {
  let isOne = false;
  for (const [, amount, unit] of text.matchAll(/(?<!\d)(\d+)[\t\n\f\r ]*([A-Za-zµ]+)/g)) {
    if (isHuge(amount!) || BigInt(amount!) >= MOST_NANOSECONDS) return false;
    const name = unit!.toLowerCase();
    isOne ||= units.some(([exact, prefix]) => exact.includes(name) || name.startsWith(prefix));
  }
  return isOne;
}
