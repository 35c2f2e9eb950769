import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ApiServer } from '@kubernest/apiserver/contract';
import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import { issueAuthority } from '@kubernest/pki';
import { expect, it } from 'vitest';
import { tlsListener } from './tls-listener.fixture.ts';

const ctx: Context = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
const handler: Pick<ApiServer, 'handle'> = { handle: () => Promise.reject(new Error('nobody is asked')) };

it.each([
  [
    'a request of HTTP',
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
    /^HTTP\/1\.0 400 .*\r\n\r\nClient sent an HTTP request to an HTTPS server\.\n$/,
  ],
  ['anything else', 'SSH-2.0-x\r\n and some more of it', /^(?!HTTP)/],
])('%s at the port of TLS is told so, and the connection ends', async (_what, said, answer) => {
  await using listening = await tlsListener(await issueAuthority('test', ctx), { handler: handler as ApiServer }, ctx);
  const socket = connect(listening.at.port, listening.at.host);
  socket.write(said);
  expect(await text(socket)).toMatch(answer);
});
