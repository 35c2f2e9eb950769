import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { connect, type TLSSocket } from 'node:tls';
import { anonymousAuthenticator, certificateAuthenticator } from '@kubernest/apiserver/authn';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { type CertificateRequest, type CertifiedKey, issueAuthority, issueCertificate } from '@kubernest/pki';
import { certificateFor, usageOids } from '@kubernest/pki/testing';
import { requestFor, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TlsListener, tlsListener } from './tls-listener.fixture.ts';

/** Shorter than a watch. */
const life = 10 * 60_000;
const clock = new FakeClock(new Date());
/** What OpenSSL, which looks at the real time, judges by. */
const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(new Date()), log: silentLogger };
const client: CertificateRequest = { commonName: 'ann', usage: 'client', lifetime: life };

let ca: CertifiedKey;
let api: Awaited<ReturnType<typeof testServer>>;
let listening: TlsListener;
beforeAll(async () => {
  ca = await issueAuthority('test', ctx);
  api = await testServer({ authenticators: () => [certificateAuthenticator(), anonymousAuthenticator()] });
  listening = await tlsListener(ca, { handler: api.server }, { ...api.ctx, clock });
});
afterAll(async () => {
  await listening[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});
beforeEach(() => clock.advance(+ctx.clock.now() - +clock.now()));

const issue = (request: Partial<CertificateRequest> = {}, by = ca) =>
  issueCertificate(by, { ...client, ...request }, ctx);

async function open(as?: CertifiedKey, session?: Buffer): Promise<TLSSocket> {
  const socket = connect({ ...listening.at, session, ...(as ? { cert: as.certificate, key: as.key } : {}) });
  await once(socket, 'secureConnect');
  return socket;
}

/** The code of the next answer on an open connection. */
async function ask(socket: TLSSocket, path = '/api/v1/namespaces'): Promise<number> {
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  const [head] = (await once(socket, 'data')) as [Buffer];
  return Number(head.toString().split(' ')[1]);
}

describe('a client certificate', () => {
  test('is asked for at each request of a connection: past its end it lets nobody in', async () => {
    const socket = await open(await issue());
    expect(await ask(socket)).toBe(200);
    await clock.advance(life + 1000);
    expect(await ask(socket)).toBe(401);
    expect(await ask(socket)).toBe(401);
    socket.destroy();
  });

  test('that has ended is not revived by a resumed session', async () => {
    const as = await issue();
    const first = await open(as);
    const ticket = once(first, 'session') as Promise<[Buffer]>;
    expect(await ask(first)).toBe(200);
    const [session] = await ticket;
    const resumed = await open(as, session);
    expect([resumed.isSessionReused(), await ask(resumed)]).toEqual([true, 200]);
    await clock.advance(life + 1000);
    const late = await open(as, session);
    expect([late.isSessionReused(), await ask(late)]).toEqual([true, 401]);
    for (const socket of [first, resumed, late]) socket.destroy();
  });

  test('lets nobody in before its beginning', async () => {
    const socket = await open(await issue());
    await clock.advance(-10 * 60_000);
    expect(await ask(socket)).toBe(401);
    await clock.advance(6 * 60_000);
    expect(await ask(socket)).toBe(200);
    socket.destroy();
  });

  test.each<[string, () => Promise<CertifiedKey | undefined>, number]>([
    ['none', async () => undefined, 403],
    ['one of another authority', async () => issue({}, await issueAuthority('other', ctx)), 401],
    ['one for servers', () => issue({ usage: 'server' }), 401],
    ['one for any usage', () => certificateFor(ca, { usages: [usageOids.any] }), 200],
    ['one that names nobody', () => issue({ commonName: '' }), 403],
    ['one that had ended when the connection began', () => issue({ lifetime: -1000 }), 401],
  ])('%s', async (_what, as, code) => {
    const socket = await open(await as());
    expect(await ask(socket)).toBe(code);
    socket.destroy();
  });

  // compat: a long answer outlives the certificate, as in Kubernetes.
  test('ends while a watch goes on', async () => {
    const socket = await open(await issue());
    socket.write('GET /api/v1/namespaces?watch=1 HTTP/1.1\r\nHost: x\r\n\r\n');
    const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
    await lines.next();
    await clock.advance(life + 1000);
    const create = requestFor(
      'POST /api/v1/namespaces',
      { metadata: { name: 'later' } },
      {},
      { username: 'ann', groups: [] },
    );
    expect(await api.server.handle(create, api.ctx)).toMatchObject({ status: 201 });
    for (let line = ''; !line.includes('"later"'); ) line = (await lines.next()).value as string;
    socket.destroy();
  });
});
