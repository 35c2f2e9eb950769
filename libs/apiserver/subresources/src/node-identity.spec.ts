import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import {
  apiserverKubeletClientIdentity,
  type CertifiedKey,
  issueAuthority,
  issueCertificate,
  kubeletServingIdentity,
} from '@kubernest/pki';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { dial } from './http-call.ts';
import { directDialer } from './node-dialer.ts';

const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(new Date()), log: silentLogger };
let authority: CertifiedKey;
let client: CertifiedKey;
beforeAll(async () => {
  authority = await issueAuthority('test', ctx);
  client = await issueCertificate(authority, apiserverKubeletClientIdentity, ctx);
});

/** What an agent at 127.0.0.1 that shows a certificate for `names` hears from the API server, whatever `host` header a client has sent. */
async function asked(names: readonly string[], host: string): Promise<string> {
  const { certificate: cert, key } = await issueCertificate(authority, kubeletServingIdentity('n1', names), ctx);
  const agent = createServer({ cert, key, ca: authority.certificate, requestCert: true }, (request, response) =>
    response.end(request.headers.host),
  );
  onTestFinished(() => void agent.close());
  await once(agent.listen(0, '127.0.0.1'), 'listening');
  const status = {
    addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
    daemonEndpoints: { kubeletEndpoint: { Port: (agent.address() as AddressInfo).port } },
  };
  const dialer = directDialer(() => ({ ca: authority.certificate, cert: client.certificate, key: client.key }));
  const connection = { ...dialer.toNode('n1', { get: () => ({ status }) } as never), agent: undefined };
  return await text(await dial({ connection, method: 'GET', path: '/', headers: { host } }, ctx));
}

test.each(['api.example:6443', 'n1', 'localhost:1', '192.0.2.9'])(
  'an agent is judged by its address and not by what a client calls it (%s)',
  async (host) => {
    expect(await asked(['127.0.0.1'], host)).toBe(host);
    await expect(asked(['192.0.2.9'], host)).rejects.toThrow('does not match certificate');
  },
);
