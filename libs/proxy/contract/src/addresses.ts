import { formatIp, ipv4Text, parseIp, parseIpv4Range } from '@kubernest/meta';

declare const sound: unique symbol;

/** `10.0.0.1`. Made by `ipv4Of` alone, so that no text of anybody's object gets into the kernel's rules. */
export type Ipv4 = string & { readonly [sound]: 'address' };
/** `10.0.0.0/8`. Made by `ipv4RangeOf` alone. */
export type Ipv4Range = string & { readonly [sound]: 'range' };
/** 1 to 65535. Made by `portOf` alone. */
export type PortNumber = number & { readonly [sound]: 'port' };

const plain = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/** Written anew from its numbers; undefined for what is no address or one of the other family. */
export function ipv4Of(text: string | undefined): Ipv4 | undefined {
  if (!text) return undefined;
  if (plain.test(text)) return text as Ipv4;
  const address = parseIp(text);
  return address?.family === 'IPv4' ? (formatIp(address) as Ipv4) : undefined;
}

/** The same of a range. compat: space around it is let pass. */
export function ipv4RangeOf(text: string | undefined): Ipv4Range | undefined {
  const range = parseIpv4Range((text ?? '').trim());
  return range && (`${ipv4Text(range.first)}/${range.bits}` as Ipv4Range);
}

export function portOf(value: number | null | undefined): PortNumber | undefined {
  return Number.isInteger(value) && value! >= 1 && value! <= 65_535 ? (value as PortNumber) : undefined;
}
