import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CertificateRequest, type CertifiedKey, issueAuthority, issueCertificate } from './certificate.ts';
import { renewalTime, whyReissue } from './certificate-check.ts';
import { loadOrIssueFiles, replaceFile } from './certificate-files.ts';
import { adminIdentity, apiserverIdentity, apiserverKubeletClientIdentity, nodeIdentity } from './identities.ts';

const clock = new FakeClock(new Date());
const ctx: Context = { signal: new AbortController().signal, clock, log: silentLogger };
const days = (n: number) => n * 24 * 60 * 60 * 1000;
const serving = apiserverIdentity({ ipAddresses: ['10.96.0.1', '192.0.2.7'], dnsNames: ['host.example'] });

let authority: CertifiedKey;
let other: CertifiedKey;
let folder: string;
beforeAll(async () => {
  [authority, other] = await Promise.all([issueAuthority('one', ctx), issueAuthority('other', ctx)]);
  folder = await mkdtemp(join(tmpdir(), 'kubernest-pki-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a certificate', () => {
  it.each([
    ['an RSA key where people put it into their clients', adminIdentity, 'rsa'],
    ['a P-256 key everywhere else', serving, 'ec'],
  ])('has %s', async (_what, request, type) => {
    const { certificate, key } = await issueCertificate(authority, request, ctx);
    expect(createPrivateKey(key).asymmetricKeyType).toBe(type);
    expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))).toBe(true);
  });

  it('carries the user and groups that Kubernetes reads from it', async () => {
    const held = await issueCertificate(
      authority,
      { ...adminIdentity, organizations: ['system:masters', 'a, b'] },
      ctx,
    );
    const certificate = new X509Certificate(held.certificate);
    expect(certificate.toLegacyObject().subject).toMatchObject({
      CN: 'kubernetes-admin',
      O: ['system:masters', 'a, b'],
    });
    expect(certificate.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
    expect(certificate.ca).toBe(false);
  });

  it('is accepted by TLS for its names and tells the server who called', async () => {
    const [server, client] = await Promise.all([
      issueCertificate(authority, serving, ctx),
      issueCertificate(authority, nodeIdentity('n1'), ctx),
    ]);
    const ca = authority.certificate;
    const seen = await new Promise<unknown>((resolve, reject) => {
      const listener = createServer(
        { cert: server.certificate, key: server.key, ca, requestCert: true, rejectUnauthorized: false },
        (socket) => {
          resolve({ authorized: socket.authorized, subject: { ...socket.getPeerCertificate().subject } });
          socket.destroy();
          listener.close();
        },
      ).listen(0, '127.0.0.1', () => {
        const { port } = listener.address() as { port: number };
        connect({ port, host: '127.0.0.1', ca, cert: client.certificate, key: client.key })
          .on('error', reject)
          .resume();
      });
    });
    expect(seen).toEqual({ authorized: true, subject: { O: 'system:nodes', CN: 'system:node:n1' } });
  });

  const changes: readonly [string, CertificateRequest, string | undefined][] = [
    ['serves the same request', serving, undefined],
    ['lacks a new address', { ...serving, ipAddresses: ['198.51.100.1'] }, 'does not name 198.51.100.1'],
    ['lacks a new name', { ...serving, dnsNames: ['new.example'] }, 'does not name new.example'],
    ['is for servers only', { ...serving, usage: 'both' }, 'is not for clientAuth'],
    ['has another subject', { ...serving, commonName: 'else' }, 'made for another subject'],
    ['has other groups', { ...serving, organizations: ['x'] }, 'made for another subject'],
  ];
  it.each(changes)('that %s is judged so', async (_, request, verdict) => {
    const held = await issueCertificate(authority, serving, ctx);
    expect(whyReissue(held, request, authority.certificate, clock.now())).toBe(verdict);
  });

  it('towards kubelets that an earlier version made for the masters is made anew, and for no group', async () => {
    const request = apiserverKubeletClientIdentity;
    const held = await issueCertificate(authority, { ...request, organizations: ['system:masters'] }, ctx);
    expect(whyReissue(held, request, authority.certificate, clock.now())).toBe('made for another subject');
    const issued = await issueCertificate(authority, request, ctx);
    expect({ ...new X509Certificate(issued.certificate).toLegacyObject().subject }).toEqual({
      CN: 'kube-apiserver-kubelet-client',
    });
  });

  it('is replaced when another authority signed it, its key is another, or two thirds of its life are over', async () => {
    const held = await issueCertificate(authority, serving, ctx);
    const late = new Date(clock.now().getTime() + days(250));
    expect(whyReissue(held, serving, other.certificate, clock.now())).toBe('signed by another authority');
    expect(whyReissue({ ...held, key: other.key }, serving, authority.certificate, clock.now())).toContain('key');
    expect(whyReissue(held, serving, authority.certificate, late)).toBe('close to its end');
    expect(whyReissue({ ...held, certificate: 'nonsense' }, serving, authority.certificate, late)).toContain(
      'unreadable',
    );
    expect(renewalTime(held.certificate).getTime()).toBeLessThan(clock.now().getTime() + days(244));
  });
});

describe('certificate files', () => {
  it('are made once, kept while they serve, and renewed when they do not', async () => {
    const files = { certificate: join(folder, 'pki/admin.crt'), key: join(folder, 'pki/admin.key') };
    const first = await loadOrIssueFiles(files, authority, adminIdentity, ctx);
    expect(first.issuedBecause).toBe('there was none');
    const second = await loadOrIssueFiles(files, authority, adminIdentity, ctx);
    expect(second).toEqual({ certificate: first.certificate, key: first.key, renewAt: first.renewAt });
    const third = await loadOrIssueFiles(files, other, adminIdentity, ctx);
    expect(third.issuedBecause).toBe('signed by another authority');
    expect(await readFile(files.certificate, 'utf8')).toBe(third.certificate);
    expect((await stat(files.key)).mode & 0o777).toBe(0o600);
  });

  it('that hold the same already need no room: they are left, for nobody else to read', async () => {
    const file = join(folder, 'pki/admin.kubeconfig');
    await replaceFile(file, 'same', 0o644);
    const { ino } = await stat(file);
    await replaceFile(file, 'same', 0o600);
    expect(await stat(file)).toMatchObject({ ino, mode: 0o100600 });
    await replaceFile(file, 'other', 0o600);
    expect(await readFile(file, 'utf8')).toBe('other');
    expect((await stat(file)).ino).not.toBe(ino);
  });
});
