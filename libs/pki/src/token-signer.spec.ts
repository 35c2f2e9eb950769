import { createHmac, createPublicKey } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { newServiceAccountKey } from './cluster-secrets.ts';
import { claimedIssuer, type TokenClaims, type TokenSigner, tokenSigner } from './token-signer.ts';

const claims: TokenClaims = {
  iss: 'https://issuer',
  sub: 'system:serviceaccount:a:b',
  aud: ['api'],
  iat: 1,
  nbf: 1,
  exp: 4_000_000_000,
  jti: 'x',
};
let keyA: string;
let keyB: string;
let signer: TokenSigner;
beforeAll(async () => {
  [keyA, keyB] = await Promise.all([newServiceAccountKey(), newServiceAccountKey()]);
  signer = tokenSigner([keyA]);
});

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a token', () => {
  it('verifies and gives its claims back', async () => {
    expect(await signer.verify(await signer.sign(claims))).toEqual(claims);
  });

  it('verifies with a foreign implementation and the published keys', async () => {
    const token = await signer.sign(claims);
    const keys = createLocalJWKSet(signer.jwks as Parameters<typeof createLocalJWKSet>[0]);
    const { payload, protectedHeader } = await jwtVerify(token, keys, { audience: 'api', issuer: 'https://issuer' });
    expect(payload.sub).toBe('system:serviceaccount:a:b');
    expect(protectedHeader.alg).toBe('RS256');
    expect(JSON.stringify(signer.jwks)).not.toContain('"d"');
  });

  it('longer than any that a request carries is nobody’s, and not looked into', async () => {
    const wide = { ...claims, aud: Array.from({ length: 10_000 }, (_, i) => `audience-${i}`) };
    const token = await signer.sign(wide);
    expect([claimedIssuer(token), await signer.verify(token)]).toEqual([undefined, undefined]);
    expect(claimedIssuer(await signer.sign(claims))).toBe('https://issuer');
  });

  it('of an older key verifies while that key is kept', async () => {
    const token = await tokenSigner([keyB]).sign(claims);
    expect(await signer.verify(token)).toBeUndefined();
    expect(await tokenSigner([keyA, keyB]).verify(token)).toEqual(claims);
  });

  const forged: readonly [string, (token: string) => string][] = [
    ['changed claims', (token) => token.replace(/\.[^.]+\./, `.${encode({ ...claims, sub: 'root' })}.`)],
    ['no signature', (token) => token.replace(/[^.]+$/, '')],
    ['algorithm none', () => `${encode({ alg: 'none' })}.${encode(claims)}.`],
    [
      'algorithm none and some signature',
      (token) => `${encode({ alg: 'none' })}.${encode(claims)}.${token.split('.')[2]}`,
    ],
    ['four parts', (token) => `${token}.x`],
    ['no JSON', () => 'YQ.YQ.YQ'],
    ['nothing', () => ''],
    [
      'the public key as an HMAC secret',
      () => {
        const input = `${encode({ alg: 'HS256' })}.${encode(claims)}`;
        const secret = createPublicKey(keyA).export({ type: 'spki', format: 'pem' });
        return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
      },
    ],
  ];
  it.each(forged)('with %s is refused', async (_, forge) => {
    expect(await signer.verify(forge(await signer.sign(claims)))).toBeUndefined();
  });
});
