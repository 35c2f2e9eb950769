import { once } from 'node:events';
import { Agent, createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import {
  apiserverIdentity,
  apiserverKubeletClientIdentity,
  type CertificateRequest,
  type CertifiedKey,
  issueAuthority,
  issueCertificate,
  issueItself,
  kubeletServingIdentity,
} from '@kubernest/pki';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { createDialer } from './create-dialer.ts';
import { dial } from './dial.ts';

const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(new Date()), log: silentLogger };
let authority: CertifiedKey;
let client: CertifiedKey;
beforeAll(async () => {
  authority = await issueAuthority('test', ctx);
  client = await issueCertificate(authority, apiserverKubeletClientIdentity, ctx);
});

const keptUntilEnd: Server[] = [];
afterAll(() => {
  for (const server of keptUntilEnd) server.closeAllConnections();
});

/** The port of somebody at 127.0.0.1 with that certificate, who answers with the `host` header that he got. */
async function serving(identity: CertificateRequest, held?: CertifiedKey): Promise<number> {
  const { certificate: cert, key } = held ?? (await issueCertificate(authority, identity, ctx));
  const server = createServer({ cert, key, ca: authority.certificate, requestCert: true }, (request, response) =>
    response.end(request.headers.host),
  );
  keptUntilEnd.push(server);
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

/** Reads of any node what `status` says then. */
const newDialer = () => {
  const at: { status?: object } = {};
  const identity = () => ({ ca: authority.certificate, cert: client.certificate, key: client.key });
  return Object.assign(createDialer({ read: { get: () => at } as never, identity }, ctx), { at });
};

/** What a node that claims that port hears from the API server, whatever `host` header a client has sent. */
async function asked(node: string, port: number, { host = 'x', dialer = newDialer() } = {}): Promise<string> {
  dialer.at.status = {
    addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
    daemonEndpoints: { kubeletEndpoint: { Port: port } },
  };
  return await text(await dial(dialer.toNode(node), { method: 'GET', path: '/', headers: { host } }, ctx));
}

test.each(['api.example:6443', 'n1', 'localhost:1', '192.0.2.9'])(
  'an agent is judged by its address and not by what a client calls it (%s)',
  async (host) => {
    expect(await asked('n1', await serving(kubeletServingIdentity('n1', ['127.0.0.1'])), { host })).toBe(host);
    const elsewhere = await serving(kubeletServingIdentity('n1', ['192.0.2.9']));
    await expect(asked('n1', elsewhere, { host })).rejects.toThrow('certificate is valid for 192.0.2.9, not 127.0.0.1');
  },
);

test.each<[string, CertificateRequest]>([
  ['kube-apiserver', apiserverIdentity({ ipAddresses: [] })],
  ['system:node:n2', kubeletServingIdentity('n2', ['127.0.0.1'])],
  ['system:node:n', kubeletServingIdentity('n', ['127.0.0.1'])],
  ['n1', { commonName: 'n1', ipAddresses: ['127.0.0.1'], usage: 'server' }],
])('a node that says to be where %s is gets no call there', async (name, identity) => {
  await expect(asked('n1', await serving(identity))).rejects.toThrow(`is "${name}" and not node "n1"`);
});

test('nor over a connection that was made for who is there', async () => {
  const dialer = newDialer();
  const port = await serving(kubeletServingIdentity('n2', ['127.0.0.1']));
  for (let i = 0; i < 2; i++) {
    expect(await asked('n2', port, { dialer })).toBe('x');
    await expect(asked('n1', port, { dialer })).rejects.toThrow('is "system:node:n2" and not node "n1"');
  }
});

test.each(['of its own making', 'not'])(
  'a node that serves with a certificate %s is told of as that',
  async (which) => {
    const identity = kubeletServingIdentity('n1', ['127.0.0.1']);
    const held = which === 'not' ? { certificate: '', key: '' } : await issueItself(identity, ctx);
    const port = await serving(identity, held);
    await expect(asked('n1', port)).rejects.toThrow(
      'node "n1" has no serving certificate of the cluster yet: see kubectl get csr, and kubectl certificate approve',
    );
  },
);

test('a connection is used again for the node whose it was shown to be', async () => {
  const dialer = newDialer();
  const [port, server] = [await serving(kubeletServingIdentity('n1', ['127.0.0.1'])), keptUntilEnd.at(-1)!];
  const accepted = vi.fn();
  server.on('secureConnection', accepted);
  for (let i = 0; i < 3; i++) await asked('n1', port, { dialer });
  expect(accepted).toHaveBeenCalledTimes(1);
});

test('certificates are read once for all connections to nodes, and again when they were renewed', async () => {
  const opened = vi.spyOn(Agent.prototype, 'createConnection');
  onTestFinished(() => opened.mockRestore());
  const dialer = newDialer();
  const port = await serving(kubeletServingIdentity('a', ['127.0.0.1']));
  const held = client;
  const together = () => Promise.all([1, 2, 3].map(() => asked('a', port, { dialer })));
  await together();
  client = await issueCertificate(authority, apiserverKubeletClientIdentity, ctx);
  onTestFinished(() => {
    client = held;
  });
  await together();
  const contexts = opened.mock.calls.map(([options]) => (options as { secureContext?: object }).secureContext);
  expect(contexts).toHaveLength(6);
  expect(contexts[0]).toBeDefined();
  expect(new Set(contexts.slice(0, 3)).size).toBe(1);
  expect(new Set(contexts.slice(3)).size).toBe(1);
  expect(contexts[5]).not.toBe(contexts[0]);
});
