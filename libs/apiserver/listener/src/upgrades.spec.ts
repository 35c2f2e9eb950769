import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { type ConnectionOptions, connect } from 'node:tls';
import { anonymousAuthenticator, certificateAuthenticator } from '@kubernest/apiserver/authn';
import { cutOffDialer } from '@kubernest/apiserver/dialer/testing';
import { builtinSubresources } from '@kubernest/apiserver/subresources';
import { FakeClock } from '@kubernest/kit';
import { type CertifiedKey, issueAuthority, issueCertificate } from '@kubernest/pki';
import { testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ListenerOptions } from './create-listener.ts';
import { type TlsListener, tlsListener } from './tls-listener.fixture.ts';

const identities = ['nobody', 'ann', 'a stranger'] as const;
let callers: Record<(typeof identities)[number], { readonly cert?: string; readonly key?: string }>;
let api: Awaited<ReturnType<typeof testServer>>;
let listening: TlsListener;
beforeAll(async () => {
  const clock = new FakeClock(new Date());
  api = await testServer({
    authenticators: () => [certificateAuthenticator(), anonymousAuthenticator()],
    subresources: (core) =>
      builtinSubresources({
        dialer: cutOffDialer(core.read),
        tokens: { audiences: ['api'], issue: async () => ({ token: 'made', expiresAt: new Date() }) },
      }),
  });
  const ctx = { ...api.ctx, clock };
  const ca = await issueAuthority('test', ctx);
  const by = async (authority: CertifiedKey) => {
    const { certificate: cert, key } = await issueCertificate(authority, { commonName: 'ann', usage: 'client' }, ctx);
    return { cert, key };
  };
  callers = { nobody: {}, ann: await by(ca), 'a stranger': await by(await issueAuthority('other', ctx)) };
  const beside = {
    path: '/ui',
    onRequest: (_request, response) => response.end('beside'),
    upgradePath: '/ui/socket/',
    onUpgrade: (_request, socket) => socket.destroy(),
  } satisfies ListenerOptions['beside'];
  listening = await tlsListener(ca, { handler: api.server, beside }, ctx);
});
afterAll(async () => {
  await listening[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

const webSocket = 'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==';
const upgrades: Readonly<Record<string, string>> = {
  WebSocket: webSocket,
  'WebSocket without a key': 'Upgrade: websocket',
  SPDY: 'Upgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: v4.channel.k8s.io',
};
const paths = {
  '/': 200,
  '//': 404,
  '/nothing': 404,
  '/nothing/at/all?x=1': 404,
  '/ui': 404,
  '/ui/': 404,
  '/ui/unknown': 404,
  '/ui/socket': 404,
  '/ui/socket?x': 404,
  '/ui/socketx': 404,
  '/version': 200,
  '/healthz': 200,
  '/healthz/unknown': 404,
  '/api': 200,
  '/api/v1': 200,
  '/api/v1/unknown': 404,
  '/api/v1/namespaces': 200,
  '/api/v1/namespaces/unknown': 404,
  '/api/v1/namespaces/default/pods/unknown/exec': 404,
  '/api/v1/namespaces/default/pods/unknown/proxy/x': 404,
  '/api/v1/namespaces/default/pods/unknown/unknown': 404,
  '/api/v1/nodes/unknown/proxy/': 404,
  '/apis/unknown.example/v1/things': 404,
  '/openapi/v2/unknown': 404,
} as const;

/** All that comes until the server closes; this side says nothing more and closes nothing. */
async function ask(path: string, headers: string, as: (typeof identities)[number], method = 'GET'): Promise<string> {
  const socket = connect({ ...listening.at, ...callers[as], allowHalfOpen: true } as ConnectionOptions);
  socket.write(`${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n${headers}\r\n\r\n`);
  try {
    return await text(socket);
  } finally {
    socket.destroy();
  }
}
const refusals = { nobody: 403, 'a stranger': 401 };

describe.each(Object.entries(upgrades))('an upgrade to %s', (_name, headers) => {
  describe.each(identities)('by %s', (identity) => {
    test.each(Object.entries(paths))('at %s is answered and closed', async (path, code) => {
      const answer = await ask(path, headers, identity);
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      expect(head).toMatch(new RegExp(`^HTTP/1.1 ${identity === 'ann' ? code : refusals[identity]} \\w`));
      expect(head).toContain('connection: close');
      expect(head).toContain(`content-length: ${Buffer.byteLength(body)}`);
      expect(body).not.toBe('');
    });
  });
});

test.each(Object.entries(paths))(
  'a HEAD at %s that asks for an upgrade is told of a body and gets none',
  async (path, code) => {
    const answer = await ask(path, webSocket, 'ann', 'HEAD');
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 (${code}|405) \\w`));
    expect(answer).toMatch(/\r\ncontent-length: [1-9]\d*\r\n/);
    expect(answer.slice(answer.indexOf('\r\n\r\n'))).toBe('\r\n\r\n');
  },
);

test('what brings a body is an ordinary request, and asks for no upgrade that anybody would wait for', async () => {
  const object = JSON.stringify({ metadata: { name: 'made' } });
  const headers = `${webSocket}\r\nContent-Type: application/json\r\nContent-Length: ${object.length}`;
  const socket = connect({ ...listening.at, ...callers.ann });
  socket.write(`POST /api/v1/namespaces HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n${headers}\r\n\r\n${object}`);
  const [head] = (await once(socket, 'data')) as [Buffer];
  expect(head.toString()).toMatch(/^HTTP\/1.1 201 /);
  socket.destroy();
});
