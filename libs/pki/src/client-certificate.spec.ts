import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect as connectPlain, createServer as createPlain, type Socket } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { certificateFor, type Peculiar, usageOids } from '@kubernest/pki/testing';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type CertificateRequest, type CertifiedKey, issueAuthority, issueCertificate } from './certificate.ts';
import { clientCertificateOf, isValidAt } from './client-certificate.ts';
import { authorizeByUsage } from './client-usage.ts';

/** OpenSSL looks at the real time. */
const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(new Date()), log: silentLogger };
let ours: CertifiedKey;
let strangers: CertifiedKey;
let serving: CertifiedKey;
beforeAll(async () => {
  [ours, strangers] = await Promise.all([issueAuthority('ours', ctx), issueAuthority('strangers', ctx)]);
  serving = await issueCertificate(ours, { commonName: 'api', ipAddresses: ['127.0.0.1'], usage: 'server' }, ctx);
});
const client: CertificateRequest = { commonName: 'ann', organizations: ['devs', 'ops'], usage: 'client' };

/** What a server knows of who shows `as`. */
async function known(as?: CertifiedKey): Promise<ReturnType<typeof clientCertificateOf>> {
  const trust = { key: serving.key, cert: serving.certificate, ca: ours.certificate };
  const server = createServer({ ...trust, requestCert: true, rejectUnauthorized: false });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const accepted = once(server, 'secureConnection') as Promise<[TLSSocket]>;
  const own = as ? { key: as.key, cert: as.certificate } : {};
  const socket = connect({ port, host: '127.0.0.1', ca: ours.certificate, ...own });
  socket.on('error', () => {});
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  const [met] = await accepted;
  authorizeByUsage(met, [ours.certificate]);
  return clientCertificateOf(met);
}

describe('a client certificate', () => {
  test('of our authority says who calls, and when it is valid', async () => {
    const shown = await issueCertificate(ours, client, ctx);
    const { fingerprint256, validFrom, validTo } = new X509Certificate(shown.certificate);
    expect(await known(shown)).toEqual({
      commonName: 'ann',
      organizations: ['devs', 'ops'],
      fingerprint: fingerprint256,
      notBefore: new Date(validFrom),
      notAfter: new Date(validTo),
    });
  });

  test('without an organization is of none, with one of that', async () => {
    const alone = await issueCertificate(ours, { ...client, organizations: [] }, ctx);
    expect(await known(alone)).toMatchObject({ commonName: 'ann', organizations: [] });
    const one = await issueCertificate(ours, { ...client, organizations: ['devs'] }, ctx);
    expect(await known(one)).toMatchObject({ organizations: ['devs'] });
  });

  test('with several names is of the last, as Go reads it', async () => {
    expect(await known(await certificateFor(ours, { names: ['ann', 'system:anonymous', 'bob'] }))).toMatchObject({
      commonName: 'bob',
    });
  });

  test('proves nothing when another authority signed it', async () => {
    expect(await known(await issueCertificate(strangers, client, ctx))).toBe('refused');
  });

  test('proves nothing when it is for servers', async () => {
    expect(await known(serving)).toBe('refused');
  });

  const { any, servers, code } = usageOids;
  test.each([
    ['any usage', [any]],
    ['any usage and that of servers', [servers, any]],
  ])('for %s is one, as in Go', async (_, usages) => {
    expect(await known(await certificateFor(ours, { usages }))).toMatchObject({ commonName: 'ann' });
  });

  test.each<[string, () => Peculiar]>([
    ['any usage, signed by another in our name', () => ({ usages: [any], signedBy: strangers })],
    ['any usage, signed by itself', () => ({ usages: [any], signedBy: 'itself' })],
    ['any usage, past its end', () => ({ usages: [any], notAfter: new Date(Date.now() - 1000) })],
    ['code', () => ({ usages: [code] })],
  ])('for %s proves nothing', async (_, how) => {
    expect(await known(await certificateFor(ours, how()))).toBe('refused');
  });

  test('is none where none was shown', async () => {
    expect(await known()).toBe('none');
  });

  test('is none on a connection in the clear', async () => {
    const server = createPlain();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const socket = connectPlain((server.address() as AddressInfo).port, '127.0.0.1');
    onTestFinished(() => {
      socket.destroy();
      server.close();
    });
    expect(clientCertificateOf((await accepted)[0])).toBe('none');
  });
});

test.each([
  [-1, false],
  [0, true],
  [500, true],
  [1000, true],
  [1001, false],
])('a life of a second is one at %d ms of it: %s', (at, valid) => {
  const life = { notBefore: new Date(0), notAfter: new Date(1000) };
  expect(isValidAt(life, new Date(at))).toBe(valid);
});
