import { randomInt } from 'node:crypto';

export interface NumberRange {
  readonly first: number;
  readonly last: number;
}

/** The usable addresses of an IPv4 CIDR as numbers: without network and broadcast. */
export function addressRange(cidr: string): NumberRange {
  const [address, bits] = cidr.split('/');
  const length = Number(bits);
  if (!address || !(length >= 8 && length <= 29))
    throw new Error(`service CIDR ${cidr} must be IPv4 with a prefix of 8 to 29`);
  const size = 2 ** (32 - length);
  const base = Math.floor(toNumber(address) / size) * size;
  return { first: base + 1, last: base + size - 2 };
}

export function toNumber(address: string): number {
  const parts = address.split('.').map(Number);
  const fine = parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255);
  return fine ? parts.reduce((sum, part) => sum * 256 + part, 0) : Number.NaN;
}

export function toAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
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
