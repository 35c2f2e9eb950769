import { expect, it } from 'vitest';
import { maxIndex, rangesOf } from './ranges.ts';
import { reservedFor } from './reserved-ranges.ts';

it.each([
  ['0.0.0.0/8', '0.0.0.0/8 stands for'],
  ['127.0.0.0/16', '127.0.0.0/8 stands for'],
  ['169.254.7.0/24', '169.254.0.0/16 stands for'],
  ['169.0.0.0/8', '169.254.0.0/16 stands for'],
  ['224.0.0.0/8', '224.0.0.0/4 stands for'],
  ['255.255.255.0/28', '240.0.0.0/4 stands for'],
])('%s is nobody’s to use', (range, words) => expect(reservedFor(range)).toContain(words));

it('private ranges, and those that clusters have by themselves, are to be used', () => {
  const own = Array.from({ length: maxIndex + 1 }, (_, index) => rangesOf({ index })).flatMap((each) => [
    each.podCidr,
    each.serviceCidr,
  ]);
  for (const range of [...own, '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '198.18.0.0/15'])
    expect(reservedFor(range)).toBeUndefined();
});
