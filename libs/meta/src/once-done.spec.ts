import { expect, test } from 'vitest';
import { onceDone } from './once-done.ts';

test('what is there is gone on with at once, what is awaited when it comes, and what fails not at all', async () => {
  const twice = (value: number) => value * 2;
  expect(onceDone(2, twice)).toBe(4);
  const later = onceDone(Promise.resolve(2), twice);
  expect(later).toBeInstanceOf(Promise);
  expect(await later).toBe(4);
  await expect(onceDone(Promise.reject<number>(new Error('no')), twice)).rejects.toThrow('no');
});
