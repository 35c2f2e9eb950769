import { parseIp, parseIpRange } from './ip.ts';

/** IPv4 addresses as numbers, for who counts them. */
export interface Ipv4Range {
  /** Of the whole range, its network address. */
  readonly first: number;
  readonly size: number;
  readonly bits: number;
}

const whole = 2 ** 32;

/** NaN for what is no IPv4 address, which lies in no range. */
export function ipv4Number(text: string): number {
  const address = parseIp(text);
  return address?.family === 'IPv4' && !address.mapped
    ? address.bytes.reduce((sum, byte) => sum * 256 + byte, 0)
    : Number.NaN;
}

export function ipv4Text(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}

/** Undefined for what is no IPv4 range. */
export function parseIpv4Range(text: string): Ipv4Range | undefined {
  const range = parseIpRange(text);
  if (range?.address.family !== 'IPv4' || range.address.mapped) return undefined;
  const { bits } = range;
  const size = whole / 2 ** bits;
  const address = ipv4Number(text.slice(0, text.indexOf('/')));
  return { first: address - (address % size), size, bits };
}

/** For those whose range was checked where it came in. */
export function ipv4Range(text: string): Ipv4Range {
  const range = parseIpv4Range(text);
  if (!range) throw new Error(`${text} must be an IPv4 range such as 10.96.0.0/16`);
  return range;
}
