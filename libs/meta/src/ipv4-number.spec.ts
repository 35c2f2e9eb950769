import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ipv4Number, ipv4Range, ipv4Text, parseIpv4Range } from './ipv4-number.ts';

it('an address and its number stand for each other', () => {
  fc.assert(fc.property(fc.ipV4(), (text) => ipv4Text(ipv4Number(text)) === text));
  expect([ipv4Number('0.0.0.1'), ipv4Number('255.255.255.255')]).toEqual([1, 2 ** 32 - 1]);
});

it.each([
  '',
  '10',
  '10.0.0',
  '10..0.1',
  '10.0.0.256',
  '999.1.1.1',
  '10.0.0.1e1',
  ' 10.0.0.1',
  '::1',
  '::ffff:10.0.0.1',
])('%j has no number', (text) => expect(ipv4Number(text)).toBeNaN());

it.each([
  ['10.96.0.0/16', '10.96.0.0', 65_536],
  ['10.96.7.9/16', '10.96.0.0', 65_536],
  ['192.0.2.255/32', '192.0.2.255', 1],
  ['192.0.2.255/31', '192.0.2.254', 2],
  ['200.1.2.3/0', '0.0.0.0', 2 ** 32],
])('%s begins at %s and has %d addresses', (text, first, size) => {
  const range = ipv4Range(text);
  expect([ipv4Text(range.first), range.size]).toEqual([first, size]);
});

it.each(['999.1.1.1/99', '10.96.0.0/33', '10.96.0.0', '10.96.0.0/', '10.96/16', 'fd00::/64', '::ffff:10.0.0.0/112'])(
  '%j is no IPv4 range',
  (text) => {
    expect(parseIpv4Range(text)).toBeUndefined();
    expect(() => ipv4Range(text)).toThrow('must be an IPv4 range');
  },
);
