import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4Of, ipv4RangeOf, portOf } from './addresses.ts';

describe('an address of the kernel’s rules', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['255.255.255.255', '255.255.255.255'],
    ['010.0.0.1', '10.0.0.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', undefined],
    ['10.0.0.256', undefined],
    ['10.0.0.1\n', undefined],
    ['10.0.0.1.', undefined],
    ['10.0.0.1/32 -j ACCEPT', undefined],
    ['example.test', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('of %j is %j', (text, address) => {
    expect(ipv4Of(text)).toBe(address);
  });

  it.each([
    ['10.0.0.0/8', '10.0.0.0/8'],
    [' 203.0.113.7/24\n', '203.0.113.0/24'],
    ['2001:db8::/32', undefined],
    ['10.0.0.0/33', undefined],
    ['10.0.0.0/8\n-A KN', undefined],
    ['10.0.0.1', undefined],
    [undefined, undefined],
  ])('range of %j is %j', (text, range) => {
    expect(ipv4RangeOf(text)).toBe(range);
  });

  it.each([
    [1, 1],
    [65_535, 65_535],
    [0, undefined],
    [65_536, undefined],
    [1.5, undefined],
    ['80 -j ACCEPT' as unknown as number, undefined],
    [null, undefined],
  ])('port of %j is %j', (value, port) => {
    expect(portOf(value)).toBe(port);
  });

  it('has nothing but digits, dots and a slash, whatever it was made of', () => {
    const near = fc.stringMatching(/^[0-9.:/a-f \n-]{0,24}$/);
    fc.assert(
      fc.property(fc.oneof(near, fc.string(), fc.ipV4(), fc.ipV6()), (text) => {
        expect(ipv4Of(text) ?? '0').toMatch(/^[\d.]+$/);
        expect(ipv4RangeOf(text) ?? '0').toMatch(/^[\d./]+$/);
      }),
    );
  });
});
