import { X509Certificate } from 'node:crypto';
import { parseCertificateRequest } from '@kubernest/kinds';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CertifiedKey, issueAuthority } from './certificate.ts';
import { whyReissue } from './certificate-check.ts';
import { adminIdentity, kubeletServingIdentity } from './identities.ts';
import { signCertificate } from './sign-request.ts';
import { makeSigningRequest } from './signing-request.ts';

const clock = new FakeClock(new Date());
const ctx: Context = { signal: new AbortController().signal, clock, log: silentLogger };
const minute = 60_000;
const year = 365 * 24 * 60 * minute;
let authority: CertifiedKey;
beforeAll(async () => {
  authority = await issueAuthority('ca', ctx);
});

async function signed(identity = kubeletServingIdentity('n1', ['192.0.2.1', 'fd00::1']), more: object = {}) {
  const { request, key } = await makeSigningRequest(identity);
  const terms = parseCertificateRequest(Buffer.from(request).toString('base64'));
  const usages = ['digital signature', identity.usage === 'client' ? 'client auth' : 'server auth'];
  return { certificate: await signCertificate(authority, { ...terms, usages, ...more }, ctx), key };
}

describe('a certificate that was asked for', () => {
  it.each([
    ['a server', kubeletServingIdentity('n1', ['192.0.2.1', 'fd00::1'])],
    ['a client with an RSA key', { ...adminIdentity, organizations: ['team', 'zweite Ü'] }],
  ])('is what %s asked for', async (_, identity) => {
    expect(whyReissue(await signed(identity), identity, authority.certificate, clock.now())).toBeUndefined();
  });

  it.each([
    ['a year unless it is said', {}, year - 5 * minute],
    ['no more than a year', { lifetime: 2 * year }, year - 5 * minute],
    ['as long as was asked', { lifetime: 60 * minute }, 60 * minute],
    ['ten minutes at least', { lifetime: minute }, 10 * minute],
  ])('lasts %s', async (_, more, life) => {
    const { validFromDate, validToDate } = new X509Certificate((await signed(undefined, more)).certificate);
    const now = Math.floor(clock.now().getTime() / 1000) * 1000;
    expect([validFromDate.getTime() - now, validToDate.getTime() - now]).toEqual([-5 * minute, life]);
  });

  it('may sign nothing itself', async () => {
    const { certificate } = await signed(undefined, { usages: ['cert sign', 'any'] });
    expect(new X509Certificate(certificate).ca).toBe(false);
  });

  it('is not made by an authority that has ended', async () => {
    const later: Context = { ...ctx, clock: new FakeClock(new Date(clock.now().getTime() + 11 * year)) };
    const { request } = await makeSigningRequest(adminIdentity);
    const terms = { ...parseCertificateRequest(Buffer.from(request).toString('base64')), usages: ['client auth'] };
    await expect(signCertificate(authority, terms, later)).rejects.toThrow('the authority ended at');
  });
});
