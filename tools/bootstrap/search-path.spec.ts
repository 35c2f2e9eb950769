import { expect, it } from 'vitest';
import { searchPath } from './search-path.mjs';

it.each([
  ["cron's", '/usr/bin:/bin', '/usr/bin:/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/sbin'],
  ['an empty one', '', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
  [
    'one with folders of its own',
    '/opt/node/bin:/sbin',
    '/opt/node/bin:/sbin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/bin',
  ],
])('%s gets the folders of the system that it lacks, behind its own', (_what, given, whole) => {
  expect(searchPath(given)).toBe(whole);
  expect(searchPath(whole)).toBe(whole);
});
