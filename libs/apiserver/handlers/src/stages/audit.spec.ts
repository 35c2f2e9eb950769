import type { ApiServerParts, AuditEvent } from '@kubernest/apiserver/contract';
import { unauthorized } from '@kubernest/meta';
import { testServer } from '@kubernest/testkit/server';
import { expect, test } from 'vitest';

const maps = '/api/v1/namespaces/default/configmaps';
const user = (username: string) => ({ username, groups: ['system:authenticated'] });
const [ann, bob, eve] = [user('ann'), user('bob'), user('eve')];

/** Whoever shows a token is refused as one who is not recognized. */
const authenticators: ApiServerParts['authenticators'] = () => [
  {
    name: 'header',
    authenticate: ({ headers }) => {
      if (headers['authorization']) throw unauthorized();
      return { username: headers['x-user']!, groups: [] };
    },
  },
];

test.each<[string, string, Record<string, string>, Partial<AuditEvent>]>([
  ['served', `GET ${maps}`, {}, { user: ann, code: 200, routed: true }],
  [
    'whose sender is not recognized',
    `GET ${maps}`,
    { authorization: 'Bearer x' },
    { user: { username: '', groups: [] }, code: 401, routed: false },
  ],
  ['that is not allowed', `GET ${maps}`, { 'x-user': 'eve' }, { user: eve, code: 403, routed: false }],
  [
    'as somebody else',
    `GET ${maps}`,
    { 'impersonate-user': 'bob' },
    { user: bob, impersonatedBy: ann, code: 200, routed: true },
  ],
  [
    'as somebody whom its sender may not be',
    `GET ${maps}`,
    { 'x-user': 'eve', 'impersonate-user': 'bob' },
    { user: eve, code: 403, routed: false },
  ],
  [
    'of somebody else who may not do it',
    `GET ${maps}`,
    { 'impersonate-user': 'eve' },
    { user: eve, impersonatedBy: ann, code: 403, routed: false },
  ],
  [
    'of a page of another site',
    `POST ${maps}`,
    { 'sec-fetch-site': 'cross-site' },
    { user: ann, code: 403, routed: false },
  ],
  ['for what is not there', `GET ${maps}/a`, {}, { user: ann, code: 404, routed: true }],
])('a request %s is heard of once, and who really asked', async (_, line, headers, expected) => {
  const heard: AuditEvent[] = [];
  await using api = await testServer({ authenticators, audit: (event) => heard.push(event) });
  const { status } = await api.call(line, undefined, headers);
  expect(heard.map(({ user, impersonatedBy, code, routed }) => ({ user, impersonatedBy, code, routed }))).toEqual([
    { impersonatedBy: undefined, ...expected },
  ]);
  expect(status).toBe(expected.code);
});
