import { requestFor, testServer } from '@kubernest/testkit/server';
import { expect, test } from 'vitest';
import { parseRequestInfo } from '../requests/request-info.ts';
import { authenticate, authenticateWith } from './authenticate.ts';
import { begin } from './stage.ts';

test.each([
  ['ann', ['devs'], ['devs', 'system:authenticated']],
  ['ann', ['system:authenticated'], ['system:authenticated']],
  ['ann', ['system:unauthenticated'], ['system:unauthenticated']],
  ['system:anonymous', [], []],
  ['system:anonymous', ['system:masters'], ['system:masters']],
])('a credential of %s in %j is of the groups %j', async (username, groups, all) => {
  await using api = await testServer();
  const user = { username, groups };
  const ask = authenticateWith([{ name: 'certificate', authenticate: () => user }]);
  const fromOutside = requestFor('GET /api');
  const fromWithin = requestFor('GET /api', undefined, {}, user);
  for (const request of [fromOutside, fromWithin]) {
    const passage = begin(request, parseRequestInfo(request), api.clock.now());
    await authenticate(ask).enter!(passage, api.ctx);
    expect(passage.sender).toEqual({ username, groups: all });
  }
});
