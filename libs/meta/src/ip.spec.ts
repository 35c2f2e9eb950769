import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  formatIp,
  isGlobalUnicast,
  isLinkLocal,
  isLoopback,
  parseIp,
  validateCanonicalIp,
  validateIp,
  validateIpRange,
} from './ip.ts';

const noAddress = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';

it.each([
  ['10.9.8.7', []],
  ['255.255.255.255', []],
  ['2001:db8::ffff', []],
  ['::', []],
  ['64:ff9b::192.0.2.1', []],
  ['', [noAddress]],
  ['10.9.8', [noAddress]],
  ['10.9.8.256', [noAddress]],
  ['1::2::3', [noAddress]],
  ['1:2:3:4:5:6:7', [noAddress]],
  ['1:2:3:4:5:6:7::8', [noAddress]],
  ['fe80::1%eth0', [noAddress]],
  ['::1.2.3', [noAddress]],
  ['010.0.0.1', ['must not have leading 0s']],
  ['::ffff:192.0.2.1', ['must not be an IPv4-mapped IPv6 address']],
])('of the address %j says %j', (text, faults) => {
  expect(validateIp(text)).toEqual(faults);
});

it.each([
  ['2001:DB8::1', '2001:db8::1'],
  ['2001:db8:0:0:0:0:0:1', '2001:db8::1'],
  ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
])('asks for %s in its shortest form', (text, canonical) => {
  expect(validateCanonicalIp(text)).toEqual([`must be in canonical form ("${canonical}")`]);
  expect(validateCanonicalIp(canonical)).toEqual([]);
});

it.each([
  ['10.0.0.0/8', []],
  ['fd00::/64', []],
  ['0.0.0.0/0', []],
  ['10.0.0.1/32', []],
  ['10.0.0.0/33', ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)']],
  ['10.0.0.0', ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)']],
  ['10.0.0.0/08', ['must not have leading 0s in IP or prefix length']],
  ['10.0.0.1/31', ['must not have bits set beyond the prefix length']],
  ['fd00::1/64', ['must not have bits set beyond the prefix length']],
])('of the range %j says %j', (text, faults) => {
  expect(validateIpRange(text)).toEqual(faults);
});

it('knows addresses that are for the machine or the link only', () => {
  expect(['127.9.9.9', '::1', '128.0.0.1', '::2'].map((ip) => isLoopback(parseIp(ip)!))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(['169.254.1.1', 'fe80::1', 'febf::1', 'fec0::1'].map((ip) => isLinkLocal(parseIp(ip)!))).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

it.each([
  ['10.0.0.1', true],
  ['223.255.255.255', true],
  ['240.0.0.1', true],
  ['fd00::1', true],
  ['::ffff:10.0.0.1', true],
  ['0.0.0.0', false],
  ['127.0.0.1', false],
  ['169.254.169.254', false],
  ['224.0.0.1', false],
  ['239.255.255.255', false],
  ['255.255.255.255', false],
  ['::', false],
  ['::1', false],
  ['fe80::1', false],
  ['ff0e::1', false],
  ['::ffff:127.0.0.1', false],
  ['::ffff:255.255.255.255', false],
])('%s is one machine’s and valid beyond its link: %s', (text, is) => {
  expect(isGlobalUnicast(parseIp(text)!)).toBe(is);
});

it('reads back every address that it writes', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const address = parseIp(text);
      expect(address).toBeDefined();
      expect(parseIp(formatIp(address!))?.bytes).toEqual(address!.bytes);
    }),
  );
});
