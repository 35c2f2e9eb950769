import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { sealingKeyOf } from '@kubernest/pki';
import { StoreBusyError, StoreFullError, StoreUnavailableError } from '@kubernest/store/contract';
import { admin, type TestCluster, testCluster } from '@kubernest/testkit/cluster';
import { Module } from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { CONFIG, CONTEXT } from '../tokens.ts';
import { DashboardRoutes } from './dashboard.route.ts';
import { Sessions } from './sessions.ts';
import { StaticFiles } from './static-files.ts';
import { StoreFaultFilter } from './store-fault.filter.ts';

let api: TestCluster;
let sessions: Sessions;
let app: NestFastifyApplication;
beforeAll(async () => {
  api = await testCluster();
  const sealingKey = sealingKeyOf(randomBytes(32).toString('base64'));
  sessions = new Sessions(api.server, api.store, { sealingKey, clock: api.ctx.clock });
  class Dashboard {}
  Module({
    controllers: [DashboardRoutes],
    providers: [
      { provide: APP_FILTER, useClass: StoreFaultFilter },
      { provide: CONTEXT, useValue: api.ctx },
      { provide: CONFIG, useValue: { name: 'lab' } },
      { provide: Sessions, useValue: sessions },
      { provide: StaticFiles, useValue: new StaticFiles(import.meta.dirname) },
    ],
  })(Dashboard);
  app = await NestFactory.create<NestFastifyApplication>(Dashboard, new FastifyAdapter(), { logger: false });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});
afterAll(async () => {
  await app.close();
  await api[Symbol.asyncDispose]();
});

const peer = { address: '127.0.0.1' };
const ann = {
  peer: {
    ...peer,
    certificate: {
      commonName: 'ann',
      organizations: ['team'],
      fingerprint: 'AB:CD',
      notBefore: new Date(0),
      notAfter: new Date('2100-01-01T00:00:00Z'),
    },
  },
  headers: {},
};
const own = { host: 'api.example', 'content-type': 'application/json' };
let code: string;
beforeEach(async () => {
  code = await sessions.links.issue({ username: 'ann', evidence: ann }, api.ctx);
});
const enter = (headers: Record<string, string> = own, payload = JSON.stringify({ code })) =>
  app.inject({ method: 'POST', url: '/ui/session', headers, payload });

describe('what another site has a browser send', () => {
  it.each(['/ui/links', '/ui/session'])('makes nothing at %s', async (url) => {
    const issued = vi.spyOn(sessions.links, 'issue');
    for (const foreign of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://elsewhere.example' },
      { origin: 'null' },
    ]) {
      const headers = { ...own, authorization: 'Bearer whatever', ...foreign };
      const answer = await app.inject({ method: 'POST', url, headers, payload: JSON.stringify({ code }) });
      expect([answer.statusCode, answer.headers['set-cookie']]).toEqual([403, undefined]);
    }
    expect(issued).not.toHaveBeenCalled();
    issued.mockRestore();
    expect((await enter()).statusCode).toBe(201);
  });
});

describe('a store that takes nothing', () => {
  it.each([
    ['is full', new StoreFullError('no room'), 503, /the disk of the store is full/],
    ['is busy', new StoreBusyError('wait'), 429, /too many writes wait/],
    ['is away', new StoreUnavailableError('gone'), 503, /the store is not available/],
  ])('and %s is told of as the API tells it, whichever page asks', async (_, fault, status, words) => {
    vi.spyOn(api.store, 'commit').mockRejectedValueOnce(fault);
    const answer = await enter();
    expect([answer.statusCode, answer.json()]).toEqual([
      status,
      expect.objectContaining({ kind: 'Status', code: status, message: expect.stringMatching(words) }),
    ]);
    vi.restoreAllMocks();
    vi.spyOn(api.store, 'get').mockRejectedValueOnce(fault);
    const cookie = `kubernest-session=${code}`;
    expect((await app.inject({ url: '/ui/session', headers: { cookie } })).statusCode).toBe(status);
    vi.restoreAllMocks();
  });
});

describe('a one-time link', () => {
  it('is exchanged once, for a cookie that says who opened it', async () => {
    const answer = await enter();
    expect([answer.statusCode, answer.json()]).toEqual([201, { user: 'ann' }]);
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toMatch(/; Path=\/ui; HttpOnly; Secure; SameSite=Strict;/);
    const session = await app.inject({ url: '/ui/session', headers: { cookie: cookie.split(';')[0]! } });
    expect(session.json()).toMatchObject({ user: 'ann' });
    const again = await enter();
    expect([again.statusCode, again.headers['set-cookie']]).toEqual([401, undefined]);
  });

  it.each(['GET', 'HEAD'] as const)('is not used up by a %s, whatever for', async (method) => {
    for (const url of [`/ui/?link=${code}`, `/ui/session?link=${code}`, `/ui/session?code=${code}`])
      for (const headers of [
        {},
        { 'sec-purpose': 'prefetch;prerender' },
        { purpose: 'prefetch' },
        { 'x-moz': 'prefetch' },
      ]) {
        const { statusCode, headers: answered } = await app.inject({ method, url, headers: { ...own, ...headers } });
        expect([statusCode, answered['set-cookie']]).toEqual([401, undefined]);
      }
    expect((await enter()).statusCode).toBe(201);
  });

  it.each<[string, Record<string, string>]>([
    ['another site', { ...own, 'sec-fetch-site': 'cross-site' }],
    ['another port', { ...own, 'sec-fetch-site': 'same-site' }],
    ['another site in an older browser', { ...own, origin: 'https://evil.example' }],
    ['a page without an origin', { ...own, origin: 'null' }],
    ['a form', { ...own, 'content-type': 'application/x-www-form-urlencoded' }],
    ['a text', { ...own, 'content-type': 'text/plain' }],
  ])('cannot be exchanged, and is not used up, by %s', async (_who, headers) => {
    const form = headers['content-type'] === own['content-type'] ? undefined : `code=${code}`;
    const answer = await enter(headers, form);
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect((await enter()).statusCode).toBe(201);
  });

  it.each(['{}', 'null', '[]', '{"code":1}', '{"code":{"toString":1}}', '{"code":""}', '{"code":"../x"}'])(
    'is not %s',
    async (payload) => expect((await enter(own, payload)).statusCode).toBe(401),
  );
});

it('whom nobody vouches for is shown a page that takes up a link', async () => {
  const page = await app.inject({ url: '/ui/' });
  expect([page.statusCode, page.body.includes('<script src="./sign-in.js"></script>')]).toEqual([401, true]);
  expect(page.headers['content-security-policy']).toContain("script-src 'self'");
});

describe('a credential that ends', () => {
  const accounts = '/api/v1/namespaces/default/serviceaccounts';
  const secrets = '/api/v1/namespaces/kube-system/secrets';
  const made = async (line: string, body: object) => {
    const { status, object } = await api.call(admin, line, body);
    expect([status, object.message]).toEqual([201, undefined]);
    return object;
  };
  const tokenOf = async (bound?: { kind: string; name: string; uid: string }) => {
    await made(`POST ${accounts}`, { metadata: { name: 'bot' } });
    const spec = { expirationSeconds: 600, ...(bound ? { boundObjectRef: { apiVersion: 'v1', ...bound } } : {}) };
    const { status } = await made(`POST ${accounts}/bot/token`, { spec });
    return { authorization: `Bearer ${status.token}` };
  };
  const boundToSecret = async () => {
    const { metadata } = await made('POST /api/v1/namespaces/default/secrets', { metadata: { name: 'tied' } });
    return tokenOf({ kind: 'Secret', name: 'tied', uid: metadata.uid });
  };
  const bootstrapToken = async () => {
    const expiration = new Date(api.ctx.clock.now().getTime() + 600_000).toISOString();
    const stringData = {
      'token-id': 'abcdef',
      'token-secret': '0123456789abcdef',
      'usage-bootstrap-authentication': 'true',
      expiration,
    };
    const metadata = { name: 'bootstrap-token-abcdef' };
    await made(`POST ${secrets}`, { metadata, type: 'bootstrap.kubernetes.io/token', stringData });
    return { authorization: 'Bearer abcdef.0123456789abcdef' };
  };
  const impersonating = async () => {
    const rules = [{ verbs: ['impersonate'], apiGroups: [''], resources: ['users'], resourceNames: ['ann'] }];
    const bot = await tokenOf();
    await api.grant('system:serviceaccount:default:bot', rules);
    return { ...bot, 'impersonate-user': 'ann' };
  };
  const gone = (path: string) => () => api.call(admin, `DELETE ${path}`);
  const tenMinutes = () => api.ctx.clock.advance(601_000);
  const cleanUp = async () => {
    for (const path of [
      `${accounts}/bot`,
      `${secrets}/bootstrap-token-abcdef`,
      '/api/v1/namespaces/default/secrets/tied',
      '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/system:serviceaccount:default:bot',
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/system:serviceaccount:default:bot',
    ])
      await gone(path)();
  };
  const linkOf = async (headers: Record<string, string>) => {
    const answer = await app.inject({ method: 'POST', url: '/ui/links', headers });
    expect([answer.statusCode, answer.body]).toEqual([201, expect.any(String)]);
    return (answer.json() as { readonly code: string }).code;
  };

  it.each([
    ['with the account of its token', () => tokenOf(), gone(`${accounts}/bot`)],
    ['with the time of its token', () => tokenOf(), tenMinutes],
    ['with what its token is bound to', boundToSecret, gone('/api/v1/namespaces/default/secrets/tied')],
    ['with its bootstrap token', bootstrapToken, gone(`${secrets}/bootstrap-token-abcdef`)],
    ['with the time of its bootstrap token', bootstrapToken, tenMinutes],
    ['with the account of who impersonates', impersonating, gone(`${accounts}/bot`)],
  ])('%s ends its links, sessions and sockets', async (_, credential, end) => {
    await cleanUp();
    const headers = await credential();
    await vi.waitFor(() => linkOf(headers));
    const [used, unused] = [await linkOf(headers), await linkOf(headers)];
    const entered = await enter(own, JSON.stringify({ code: used }));
    expect(entered.statusCode).toBe(201);
    const cookie = String(entered.headers['set-cookie']).split(';')[0]!;
    const look = () => app.inject({ url: '/ui/session', headers: { cookie } });
    const session = await look();
    expect(session.statusCode).toBe(200);
    const { pass } = session.json() as { readonly pass: string };
    const visitor = (await sessions.visitor(sessions.pages.evidenceOf(pass), api.ctx))!;
    const closed = vi.fn();
    const unwatch = sessions.watch(visitor, closed, api.ctx);
    await api.ctx.clock.advance(6_000);
    expect(closed).not.toHaveBeenCalled();

    await end();
    expect((await enter(own, JSON.stringify({ code: unused }))).statusCode).toBe(401);
    expect((await look()).statusCode).toBe(401);
    expect(await sessions.visitor(visitor.evidence, api.ctx)).toBeUndefined();
    await api.ctx.clock.advance(6_000);
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
    unwatch();
  });

  it('is a certificate, too', async () => {
    const notAfter = new Date(api.ctx.clock.now().getTime() + 3_600_000);
    const evidence = { ...ann, peer: { ...peer, certificate: { ...ann.peer.certificate, notAfter } } };
    const code = await sessions.sessions.issue({ username: 'ann', evidence }, api.ctx);
    const headers = { cookie: `kubernest-session=${code}` };
    expect((await app.inject({ url: '/ui/session', headers })).statusCode).toBe(200);
    await api.ctx.clock.advance(3_601_000);
    expect((await app.inject({ url: '/ui/session', headers })).statusCode).toBe(401);
  });
});
