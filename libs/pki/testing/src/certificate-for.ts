import { createPrivateKey, webcrypto } from 'node:crypto';
import type { CertifiedKey } from '@kubernest/pki';

export const usageOids = {
  any: '2.5.29.37.0',
  clients: '1.3.6.1.5.5.7.3.2',
  servers: '1.3.6.1.5.5.7.3.1',
  code: '1.3.6.1.5.5.7.3.3',
} as const;

/** What we never issue. */
export interface Peculiar {
  /** Common names; absent: ann. */
  readonly names?: readonly string[];
  /** Extended ones; absent: for clients. */
  readonly usages?: readonly string[];
  /** Whose key signs, where that is not the authority's; who is not `itself` signs in the authority's name. */
  readonly signedBy?: CertifiedKey | 'itself';
  /** A minute from now unless given. */
  readonly notAfter?: Date;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const minute = 60_000;

/** A certificate that others might issue. */
export async function certificateFor(authority: CertifiedKey, peculiar: Peculiar): Promise<CertifiedKey> {
  const { names = ['ann'], usages = [usageOids.clients], signedBy = authority, notAfter } = peculiar;
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const subject = names.map((name) => ({ CN: [name] }));
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: signedBy === 'itself' ? subject : new x509.X509Certificate(authority.certificate).subjectName,
    notBefore: new Date(Date.now() - minute),
    notAfter: notAfter ?? new Date(Date.now() + minute),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: signedBy === 'itself' ? keys.privateKey : await signingKeyOf(signedBy),
    extensions: [new x509.ExtendedKeyUsageExtension([...usages])],
  });
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return { certificate: certificate.toString('pem'), key: key.export({ format: 'pem', type: 'pkcs8' }).toString() };
}

function signingKeyOf({ key }: CertifiedKey): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(key).export({ format: 'der', type: 'pkcs8' });
  return webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
}
