import { once } from 'node:events';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { json } from 'node:stream/consumers';
import {
  anonymousAuthenticator,
  certificateAuthenticator,
  requestHeaderAuthenticator,
} from '@kubernest/apiserver/authn';
import { jsonResponse } from '@kubernest/apiserver/contract';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { type CertifiedKey, issueAuthority, issueCertificate } from '@kubernest/pki';
import { testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TlsListener, tlsListener } from './tls-listener.fixture.ts';

const life = 10 * 60_000;
const clock = new FakeClock(new Date());
const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(new Date()), log: silentLogger };

let ca: CertifiedKey;
let frontProxyCa: CertifiedKey;
let api: Awaited<ReturnType<typeof testServer>>;
let listening: TlsListener;
beforeAll(async () => {
  [ca, frontProxyCa] = await Promise.all([issueAuthority('clients', ctx), issueAuthority('proxies', ctx)]);
  api = await testServer({
    authenticators: () => [
      requestHeaderAuthenticator(['front-proxy-client']),
      certificateAuthenticator(),
      anonymousAuthenticator(),
    ],
    authorizers: () => [{ name: 'all', authorize: () => ({ verdict: 'allow', reason: '' }) }],
    documents: (core) => ({
      '/who': async (request, ctx) => jsonResponse(200, await core.authenticate(request, ctx)),
    }),
  });
  const options = { handler: api.server, frontProxyCa: frontProxyCa.certificate };
  listening = await tlsListener(ca, options, { ...api.ctx, clock });
});
afterAll(async () => {
  await listening[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});
beforeEach(() => clock.advance(+ctx.clock.now() - +clock.now()));

const by = (authority: CertifiedKey, commonName = 'front-proxy-client') =>
  issueCertificate(authority, { commonName, organizations: ['system:masters'], usage: 'client', lifetime: life }, ctx);

async function ask(as: CertifiedKey | undefined, headers: OutgoingHttpHeaders) {
  const identity = as ? { cert: as.certificate, key: as.key } : {};
  const request = httpsRequest({ ...listening.at, ...identity, path: '/who', headers, agent: false }).end();
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, user: (await json(answer)) as unknown };
}

const forAnn = { 'x-remote-user': 'ann' };

test('a front proxy says for whom it asks', async () => {
  const { user } = await ask(await by(frontProxyCa), {
    'x-remote-user': Buffer.from('ann ü, x').toString('latin1'),
    'X-Remote-Uid': '7',
    'X-Remote-Group': ['a, b', '', 'c'],
    'X-Remote-Extra-example.com%2Fscopes': ['r', 'w'],
    'X-Remote-Extra-%': 'z',
  });
  expect(user).toEqual({
    username: 'ann ü, x',
    uid: '7',
    groups: ['a, b', 'c', 'system:authenticated'],
    extra: { 'example.com/scopes': ['r', 'w'], '%': ['z'] },
  });
});

describe('it is nobody', () => {
  test.each<[string, () => Promise<CertifiedKey>, OutgoingHttpHeaders]>([
    ['without a user', () => by(frontProxyCa), {}],
    ['with an empty one', () => by(frontProxyCa), { 'x-remote-user': '', 'x-remote-group': 'system:masters' }],
    ['under another name', () => by(frontProxyCa, 'somebody'), forAnn],
    ['of another authority', async () => by(await issueAuthority('proxies', ctx)), forAnn],
  ])('%s', async (_what, as, headers) => {
    expect((await ask(await as(), headers)).status).toBe(401);
  });

  test('past its end', async () => {
    const as = await by(frontProxyCa);
    await clock.advance(life + 1000);
    expect((await ask(as, forAnn)).status).toBe(401);
  });
});

test('of anybody else the headers say nothing', async () => {
  const { user } = await ask(await by(ca), forAnn);
  expect(user).toMatchObject({ username: 'front-proxy-client' });
  expect((await ask(undefined, forAnn)).user).toMatchObject({ username: 'system:anonymous' });
});
