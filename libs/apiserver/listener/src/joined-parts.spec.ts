import { expect, test } from 'vitest';
import { JoinedParts } from './joined-parts.ts';

test.each([
  ['one byte each', 200_000, () => 1],
  ['none at all now and then', 10_000, (i: number) => i % 3],
  ['small and large by turns', 300, (i: number) => (i % 2 === 0 ? 3 : 5000)],
  ['just below what is kept as it is', 200, () => 4095],
  ['one part', 1, () => 70_000],
])('parts of %s are joined in their order, in few pieces of memory', (_, count, sizeOf) => {
  const parts = new JoinedParts();
  const sent = Array.from({ length: count }, (_, i) => Buffer.alloc(sizeOf(i), i));
  for (const part of sent) parts.add(part);
  const whole = Buffer.concat(sent);
  expect(parts.size).toBe(whole.length);
  expect(parts.held).toBeLessThanOrEqual(2 + whole.length / 2000);
  expect(parts.whole().equals(whole)).toBe(true);
});
