import { describe, expect, it } from 'vitest';
import { blockAt, planPodCidr } from './node-ipam.plan.ts';

describe('blockAt', () => {
  it.each<[string, number, number, string | undefined]>([
    ['10.244.0.0/16', 24, 0, '10.244.0.0/24'],
    ['10.244.0.0/16', 24, 255, '10.244.255.0/24'],
    ['10.244.0.0/16', 24, 256, undefined],
    ['10.0.0.0/8', 24, 300, '10.1.44.0/24'],
    ['192.168.4.0/22', 26, 5, '192.168.5.64/26'],
    ['200.0.0.0/6', 8, 3, '203.0.0.0/8'],
    ['10.244.3.0/24', 24, 0, '10.244.3.0/24'],
    ['10.244.3.0/24', 24, 1, undefined],
  ])('%s in blocks of /%d: the %d. is %s', (cidr, mask, n, block) => {
    expect(blockAt(cidr, mask, n)).toBe(block);
  });
});

describe('planPodCidr', () => {
  it('gives the first free block, every block once, and then none', () => {
    const taken = new Set(['10.244.1.0/24']);
    const given: (string | undefined)[] = [];
    for (let i = 0; i < 4; i++) {
      const block = planPodCidr('10.244.0.0/22', 24, taken);
      given.push(block);
      if (block) taken.add(block);
    }
    expect(given).toEqual(['10.244.0.0/24', '10.244.2.0/24', '10.244.3.0/24', undefined]);
  });
});
