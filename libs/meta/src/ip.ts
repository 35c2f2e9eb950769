/** Addresses of either family and ranges of them, as validation sees them; nothing is resolved. */
export interface IpAddress {
  readonly family: 'IPv4' | 'IPv6';
  /** 4 or 16. */
  readonly bytes: readonly number[];
  /** Written so that some readers take a part for octal: `010.0.0.1`. */
  readonly leadingZeros: boolean;
  /** An IPv4 address in IPv6 clothes: `::ffff:192.0.2.1`. Its family is IPv4, as Go has it. */
  readonly mapped: boolean;
}

export interface IpRange {
  readonly address: IpAddress;
  readonly bits: number;
}

/** Undefined for what is no address. */
export function parseIp(text: string): IpAddress | undefined {
  if (!text.includes(':')) return parseV4(text);
  const words = parseV6(text);
  if (!words) return undefined;
  const bytes = words.flatMap((word) => [word >> 8, word & 255]);
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  const leadingZeros = text.includes('.') && /[:.]0\d/.test(text.slice(text.lastIndexOf(':')));
  return { family: mapped ? 'IPv4' : 'IPv6', bytes: mapped ? bytes.slice(12) : bytes, leadingZeros, mapped };
}

function parseV4(text: string): IpAddress | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d+$/.test(part) && Number(part) <= 255)) return undefined;
  const leadingZeros = parts.some((part) => part.length > 1 && part.startsWith('0'));
  return { family: 'IPv4', bytes: parts.map(Number), leadingZeros, mapped: false };
}

/** Eight numbers of sixteen bits. */
function parseV6(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === '' ? [] : wordsOf(half)));
  if (!head || (halves.length === 2 && !tail)) return undefined;
  if (!tail) return head.length === 8 ? head : undefined;
  const gap = 8 - head.length - tail.length;
  return gap > 0 ? [...head, ...new Array<number>(gap).fill(0), ...tail] : undefined;
}

function wordsOf(text: string): number[] | undefined {
  const parts = text.split(':');
  const words: number[] = [];
  for (const [i, part] of parts.entries()) {
    const v4 = i === parts.length - 1 && part.includes('.') ? parseV4(part) : undefined;
    if (v4) words.push(v4.bytes[0]! * 256 + v4.bytes[1]!, v4.bytes[2]! * 256 + v4.bytes[3]!);
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) words.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return words;
}

/** `10.0.0.0/8`; undefined for what is no range. */
export function parseIpRange(text: string): IpRange | undefined {
  const [, address = '', length = ''] = /^(.*)\/(\d{1,3})$/.exec(text) ?? [];
  const parsed = parseIp(address);
  if (!parsed) return undefined;
  const bits = Number(length);
  // Written as IPv6, the first 96 bits of which are the clothes.
  if (parsed.mapped) return bits <= 128 ? { address: parsed, bits: Math.max(0, bits - 96) } : undefined;
  return bits <= parsed.bytes.length * 8 ? { address: parsed, bits } : undefined;
}

/** The shortest form, as Go writes it. */
export function formatIp({ family, bytes }: IpAddress): string {
  if (family === 'IPv4') return bytes.join('.');
  const words = Array.from({ length: 8 }, (_, i) => (bytes[2 * i]! * 256 + bytes[2 * i + 1]!).toString(16));
  const gap = longestZeros(words);
  if (gap.length < 2) return words.join(':');
  return `${words.slice(0, gap.start).join(':')}::${words.slice(gap.start + gap.length).join(':')}`;
}

function longestZeros(words: readonly string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < words.length; start++) {
    let length = 0;
    while (words[start + length] === '0') length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}

export const isUnspecified = ({ bytes }: IpAddress): boolean => bytes.every((byte) => byte === 0);

export const isLoopback = ({ family, bytes }: IpAddress): boolean =>
  family === 'IPv4' ? bytes[0] === 127 : bytes.every((byte, i) => byte === (i === 15 ? 1 : 0));

export const isLinkLocal = ({ family, bytes }: IpAddress): boolean =>
  family === 'IPv4' ? bytes[0] === 169 && bytes[1] === 254 : bytes[0] === 0xfe && (bytes[1]! & 0xc0) === 0x80;

export const isLinkLocalMulticast = ({ family, bytes }: IpAddress): boolean =>
  family === 'IPv4'
    ? bytes[0] === 224 && bytes[1] === 0 && bytes[2] === 0
    : bytes[0] === 0xff && (bytes[1]! & 0x0f) === 0x02;

const isMulticast = ({ family, bytes }: IpAddress): boolean =>
  family === 'IPv4' ? (bytes[0]! & 0xf0) === 0xe0 : bytes[0] === 0xff;

const isBroadcast = ({ bytes }: IpAddress): boolean => bytes.length === 4 && bytes.every((byte) => byte === 255);

/** One machine's, valid beyond its link, as Go's `IsGlobalUnicast`; an IPv4 address by its IPv6 clothes, too. */
export const isGlobalUnicast = (address: IpAddress): boolean =>
  ![isUnspecified, isLoopback, isLinkLocal, isMulticast, isBroadcast].some((is) => is(address));

/** The wire's sentences about what should be an address. */
export function validateIp(text: string): string[] {
  const address = parseIp(text);
  if (!address) return ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'];
  if (address.leadingZeros) return ['must not have leading 0s'];
  return address.mapped ? ['must not be an IPv4-mapped IPv6 address'] : [];
}

/** The same, and written in the shortest form. */
export function validateCanonicalIp(text: string): string[] {
  const faults = validateIp(text);
  if (faults.length > 0) return faults;
  const canonical = formatIp(parseIp(text)!);
  return canonical === text ? [] : [`must be in canonical form (${JSON.stringify(canonical)})`];
}

/** The wire's sentences about what should be a range. */
export function validateIpRange(text: string): string[] {
  const range = parseIpRange(text);
  if (!range) return ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'];
  const { address, bits } = range;
  if (address.leadingZeros || /\/0\d/.test(text)) return ['must not have leading 0s in IP or prefix length'];
  if (address.mapped) return ['must not have an IPv4-mapped IPv6 address'];
  const beyond = address.bytes.some((byte, i) => (byte & (0xff >> Math.max(0, Math.min(8, bits - 8 * i)))) !== 0);
  return beyond ? ['must not have bits set beyond the prefix length'] : [];
}
