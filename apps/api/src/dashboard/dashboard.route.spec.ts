import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { testServer } from '@kubernest/apiserver/engine/testing';
import { sealingKeyOf } from '@kubernest/pki';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { API_SERVER, CONTEXT } from '../tokens.ts';
import { DashboardRoutes } from './dashboard.route.ts';
import { Sessions } from './sessions.ts';
import { StaticFiles } from './static-files.ts';

let api: Awaited<ReturnType<typeof testServer>>;
let sessions: Sessions;
let app: NestFastifyApplication;
beforeAll(async () => {
  api = await testServer();
  sessions = new Sessions(api.store, sealingKeyOf(randomBytes(32).toString('base64')), api.ctx);
  class Dashboard {}
  Module({
    controllers: [DashboardRoutes],
    providers: [
      { provide: API_SERVER, useValue: api.server },
      { provide: CONTEXT, useValue: api.ctx },
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

const ann = { username: 'ann', groups: ['team'] };
const own = { host: 'api.example', 'content-type': 'application/json' };
let code: string;
beforeEach(async () => {
  code = await sessions.links.issue(ann, api.ctx);
});
const enter = (headers: Record<string, string> = own, payload = JSON.stringify({ code })) =>
  app.inject({ method: 'POST', url: '/ui/session', headers, payload });

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
