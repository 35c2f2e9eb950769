import { randomInt } from 'node:crypto';
import { parseIpv4Range } from '@kubernest/meta';

export interface NumberRange {
  readonly first: number;
  readonly last: number;
}

/** The usable addresses of an IPv4 CIDR as numbers: without network and broadcast. */
export function addressRange(cidr: string): NumberRange {
  const range = parseIpv4Range(cidr);
  if (!range || range.bits < 8 || range.bits > 29)
    throw new Error(`service CIDR ${cidr} must be IPv4 with a prefix of 8 to 29`);
  return { first: range.first + 1, last: range.first + range.size - 2 };
}

export const contains = ({ first, last }: NumberRange, value: number): boolean => value >= first && value <= last;

/** How many numbers at the start are left to those who ask for one: `size / step`, at least `least`, at most `most`. */
export function staticBand(size: number, step: number, least: number, most: number): number {
  return size < least ? 0 : Math.min(Math.max(Math.floor(size / step), least), most);
}

/** `range` in the order in which numbers are handed out: what lies above the static band, then the band. */
export const bandLast = ({ first, last }: NumberRange, band: number): readonly NumberRange[] => [
  { first: first + band, last },
  { first, last: first + band - 1 },
];

/** A free number, by chance, of the first range that has one; undefined when all are taken. */
export function pickFree(ranges: readonly NumberRange[], isTaken: (value: number) => boolean): number | undefined {
  for (const range of ranges) {
    const free = pickWithin(range, isTaken);
    if (free !== undefined) return free;
  }
  return undefined;
}

function pickWithin({ first, last }: NumberRange, isTaken: (value: number) => boolean): number | undefined {
  const size = last - first + 1;
  if (size <= 0) return undefined;
  const start = randomInt(size);
  for (let step = 0; step < size; step++) {
    const value = first + ((start + step) % size);
    if (!isTaken(value)) return value;
  }
  return undefined;
}
