import { requestFor, testServer } from '@kubernest/testkit/server';
import { expect, test } from 'vitest';
import { authenticateWith, identify } from './authenticate.ts';

test.each([
  ['ann', ['devs'], ['devs', 'system:authenticated']],
  ['ann', ['system:authenticated'], ['system:authenticated']],
  ['ann', ['system:unauthenticated'], ['system:unauthenticated']],
  ['system:anonymous', [], []],
  ['system:anonymous', ['system:masters'], ['system:masters']],
])('a credential of %s in %j is of the groups %j', async (username, groups, all) => {
  await using api = await testServer();
  const user = { username, groups };
  const authenticate = authenticateWith([{ name: 'certificate', authenticate: () => user }]);
  expect(await authenticate(requestFor('GET /api'), api.ctx)).toEqual({ username, groups: all });
  expect(await identify(requestFor('GET /api', undefined, {}, user), authenticate, api.ctx)).toEqual({
    username,
    groups: all,
  });
});
