import { describe, expect, it } from 'vitest';
import { gatewayOf } from './bridge.ts';

describe('the gateway of a pod range', () => {
  it.each([
    ['10.244.0.0/24', '10.244.0.1/24'],
    ['10.1.2.128/25', '10.1.2.129/25'],
  ])('of %s is %s', (cidr, gateway) => {
    expect(gatewayOf(cidr)).toBe(gateway);
  });
});
