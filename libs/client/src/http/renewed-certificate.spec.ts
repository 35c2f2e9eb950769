import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { type CertifiedKey, issueAuthority, issueCertificate } from '@kubernest/pki';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { httpTransport } from './http-transport.ts';

const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(new Date()), log: silentLogger };
let ca: CertifiedKey;
let server: ReturnType<typeof createServer>;
const seen: string[] = [];
const callers = (name: string) => issueCertificate(ca, { commonName: name, usage: 'client' }, ctx);
const identity = ({ certificate, key }: CertifiedKey) => ({ cert: certificate, key });

beforeAll(async () => {
  ca = await issueAuthority('test', ctx);
  const names = { dnsNames: [], ipAddresses: ['127.0.0.1'] };
  const { certificate: cert, key } = await issueCertificate(ca, { commonName: 'api', ...names, usage: 'server' }, ctx);
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    seen.push(String((request.socket as TLSSocket).getPeerCertificate().subject.CN));
    response.writeHead(200, { 'content-type': 'application/json' });
    if (request.url?.includes('watch')) response.write('{"type":"ADDED","object":{}}\n');
    else response.end('{}');
  };
  server = createServer({ cert, key, ca: ca.certificate, requestCert: true, rejectUnauthorized: false }, answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

it('a transport dials with a renewed certificate, and its watches break off to be taken up with it', async () => {
  const address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const transport = httpTransport({ server: address, ca: ca.certificate, ...identity(await callers('old')) });
  const get = () => transport.call({ method: 'GET', path: '/api' }, ctx);
  await get();
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  const watch = transport.watch({ method: 'GET', path: '/pods?watch=1' }, () => resolve(), ctx);
  await begun;
  transport.renew(identity(await callers('new')));
  await expect(watch).rejects.toThrow();
  await get();
  await get();
  expect(seen).toEqual(['old', 'old', 'new', 'new']);
  transport.close();
});
