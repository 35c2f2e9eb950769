import { expect, test } from 'vitest';
import { refusedAddresses } from '../../testing/src/refused-addresses.ts';
import { isReachable } from './reachable.ts';

const allowed = [
  '10.0.0.1',
  '192.168.1.1',
  '126.255.255.255',
  '128.0.0.1',
  '2001:db8::1',
  'fd00::1',
  '::ffff:10.0.0.1',
];

test.each(refusedAddresses)('%s is nobody’s address to dial', (address) => expect(isReachable(address)).toBe(false));
test.each(allowed)('%s is an address to dial', (address) => expect(isReachable(address)).toBe(true));
test.each(['', 'localhost', '127.1', '0x7f000001', '2130706433', '127.000.000.001', '10.0.0.1 '])(
  'what only a resolver takes for an address (%j) is none',
  (address) => expect(isReachable(address)).toBe(false),
);
