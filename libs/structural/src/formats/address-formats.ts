import { type Formats, matching } from './formats.ts';

export const addressFormats: Formats = {
  ipv4: (text) => isIPv4(text) || (text.includes('.') && isIPv6(text)),
  ipv6: (text) => text.includes(':') && isIPv6(text, true),
  cidr(text) {
    const slash = text.indexOf('/');
    const [address, bits] = [text.slice(0, slash), text.slice(slash + 1)];
    if (slash < 0 || !/^\d{1,9}$/.test(bits)) return false;
    return (isIPv4(address) && Number(bits) <= 32) || (isIPv6(address) && Number(bits) <= 128);
  },
  mac: (text) =>
    matching(/^[0-9a-f]{2}([:-])[0-9a-f]{2}(\1[0-9a-f]{2})*$/i)(text)
      ? [17, 23, 59].includes(text.length)
      : /^[0-9a-f]{4}(\.?)[0-9a-f]{4}(\1[0-9a-f]{4})+$/i.test(text) && [12, 14, 16, 19, 40, 49].includes(text.length),
};

/** compat: an address as it is read today, without leading zeros. */
export const isAddress = (text: string): boolean => isStrictIPv4(text) || isIPv6(text, true);

/** compat: leading zeros are let pass, as they always were. */
const isIPv4 = (text: string): boolean => isDotted(text, /^0*\d{1,3}$/);
/** Within an address of the other family they are too, where that is read the old way. */
const isStrictIPv4 = (text: string): boolean => isDotted(text, /^(0|[1-9]\d{0,2})$/);

function isDotted(text: string, part: RegExp): boolean {
  if (text.length > 64) return false;
  const parts = text.split('.');
  return parts.length === 4 && parts.every((one) => part.test(one) && Number(one) <= 255);
}

function isIPv6(text: string, isStrict = false): boolean {
  if (text.length > 128 || !text.includes(':')) return false;
  const lastColon = text.lastIndexOf(':');
  const last = text.slice(lastColon + 1);
  const hasDots = last.includes('.');
  if (hasDots && !(isStrict ? isStrictIPv4(last) : isIPv4(last))) return false;
  const groups = hasDots ? `${text.slice(0, lastColon + 1)}0:0` : text;
  const halves = groups.split('::');
  if (halves.length > 2) return false;
  const counts = halves.map((half) => (half === '' ? [] : half.split(':')));
  if (!counts.flat().every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false;
  const count = counts.flat().length;
  return halves.length === 2 ? count < 8 : count === 8;
}
