import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { headerDictionary } from './dictionary.ts';

it('is the dictionary of SPDY 3.1, byte for byte', () => {
  const bytes = headerDictionary();
  expect(bytes.length).toBe(1423);
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(
    '51d27341373f923f3cd88e1eb7162aeaa3723d7585ff2399201dc06498407f02',
  );
});
