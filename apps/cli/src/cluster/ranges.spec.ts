import { describe, expect, it } from 'vitest';
import { addressIn, maxIndex, overlap, rangesOf } from './ranges.ts';

describe('address ranges', () => {
  it('that were asked for replace those of the index, and the DNS address follows', () => {
    expect(rangesOf({ index: 3, serviceCidr: '172.20.16.0/20' })).toMatchObject({
      podCidr: '10.103.0.0/16',
      serviceCidr: '172.20.16.0/20',
      dnsAddress: '172.20.16.10',
    });
    expect(addressIn('192.168.77.9/24', 1)).toBe('192.168.77.1');
  });

  it.each([
    ['10.0.0.0/8', '10.96.0.0/16', true],
    ['10.96.255.0/24', '10.96.0.0/16', true],
    ['10.95.0.0/16', '10.96.0.0/16', false],
    ['10.97.0.0/16', '10.96.0.0/16', false],
  ])('%s and %s overlap: %s', (one, other, expected) => {
    expect([overlap(one, other), overlap(other, one)]).toEqual([expected, expected]);
  });

  it('of clusters side by side never meet, and an index beyond them is refused', () => {
    const all = Array.from({ length: maxIndex + 1 }, (_, index) => rangesOf({ index })).flatMap((each) => [
      each.podCidr,
      each.serviceCidr,
    ]);
    expect(all.filter((one, i) => all.some((other, j) => i < j && overlap(one, other)))).toEqual([]);
    for (const index of [-1, 0.5, maxIndex + 1]) expect(() => rangesOf({ index })).toThrow('is outside 0…50');
  });
});
