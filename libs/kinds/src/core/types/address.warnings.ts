import { quoted, type Warn } from '@kubernest/definitions';
import { formatIp, type IpAddress, parseIp, parseIpRange } from '@kubernest/meta';

/** Of an address that validation let pass (perhaps only because it was there before): what is odd about how it is written. */
export function warnOfIp(text: string, field: string, warn: Warn): void {
  const address = parseIp(text);
  if (!address) return;
  const canonical = formatIp(address);
  if (isNonStandard(address))
    warn(`${field}: non-standard IP address ${quoted(text)} is invalid: use ${quoted(canonical)}`);
  else if (address.family !== 'IPv4' && canonical !== text)
    warn(`${field}: IPv6 address ${quoted(text)} should be in RFC 5952 canonical format (${quoted(canonical)})`);
}

/** The same of a range. */
export function warnOfIpRange(text: string, field: string, warn: Warn): void {
  const range = parseIpRange(text);
  if (!range) return;
  const { address, bits } = range;
  const network = { ...address, bytes: address.bytes.map((byte, i) => byte & maskOf(bits - 8 * i)) };
  const canonical = `${formatIp(network)}/${bits}`;
  const isAmbiguous = network.bytes.some((byte, i) => byte !== address.bytes[i]);
  const isOdd = isNonStandard(address) || /\/0\d/.test(text);
  if (isAmbiguous) {
    const single = `${formatIp(address)}/${address.mapped ? 128 : address.bytes.length * 8}`;
    const meant = `should be ${quoted(canonical)} or ${quoted(single)}?`;
    warn(`${field}: CIDR value ${quoted(text)} is ambiguous in this context (${meant})`);
  }
  if (isOdd) warn(`${field}: non-standard CIDR value ${quoted(text)} is invalid: use ${quoted(canonical)}`);
  if (isAmbiguous || isOdd || address.family === 'IPv4' || canonical === text) return;
  warn(`${field}: IPv6 CIDR value ${quoted(text)} should be in RFC 5952 canonical format (${quoted(canonical)})`);
}

const isNonStandard = ({ leadingZeros, mapped }: IpAddress): boolean => leadingZeros || mapped;

/** A byte with so many bits set, from the left. */
const maskOf = (bits: number): number => (0xff00 >> Math.max(0, Math.min(8, bits))) & 0xff;
