import { webcrypto } from 'node:crypto';
import type { Context, Milliseconds } from '@kubernest/kit';
import { library } from './x509-library.ts';

/** A certificate and its private key, both PEM (PKCS#8). An authority is one whose certificate may sign others. */
export interface CertifiedKey {
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateRequest {
  readonly commonName: string;
  readonly organizations?: readonly string[];
  /** `both` is for kubelets, which serve and call with one identity. */
  readonly usage: 'server' | 'client' | 'both';
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  /** P-256 unless given; RSA (2048 bits) takes longer to make, and every client can read it. */
  readonly keyType?: 'rsa';
  /** One year unless given. */
  readonly lifetime?: Milliseconds;
}

const day: Milliseconds = 24 * 60 * 60 * 1000;
const authorityLifetime: Milliseconds = 3650 * day;
export const leafLifetime: Milliseconds = 365 * day;
/** Clocks of a cluster's machines differ: a fresh certificate must already be valid on the one that is behind. */
export const backdating: Milliseconds = 5 * 60 * 1000;

export const signatureAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: Uint8Array.of(1, 0, 1),
} as const;

/** Makes a self-signed authority (P-256, ten years). */
export async function issueAuthority(commonName: string, ctx: Context): Promise<CertifiedKey> {
  const x509 = await library();
  const keys = await newKeys();
  const now = ctx.clock.now().getTime();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: [{ CN: [commonName] }],
    notBefore: new Date(now - backdating),
    notAfter: new Date(now + authorityLifetime),
    signingAlgorithm: signatureAlgorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign | x509.KeyUsageFlags.digitalSignature,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: certificate.toString('pem') + '\n', key: await privatePem(keys.privateKey) };
}

/** A certificate that its own key signs, for a server that nobody is to believe yet. */
export async function issueItself(request: CertificateRequest, ctx: Context): Promise<CertifiedKey> {
  const x509 = await library();
  const keys = await newKeys();
  const now = ctx.clock.now().getTime();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: subjectOf(request),
    notBefore: new Date(now - backdating),
    notAfter: new Date(now + leafLifetime),
    signingAlgorithm: signatureAlgorithm,
    keys,
    extensions: namesOf(request, x509),
  });
  return { certificate: `${certificate.toString('pem')}\n`, key: await privatePem(keys.privateKey) };
}

/** Makes a key and has `authority` certify it. */
export async function issueCertificate(
  authority: CertifiedKey,
  request: CertificateRequest,
  ctx: Context,
): Promise<CertifiedKey> {
  const x509 = await library();
  const keys = await newKeys(request.keyType);
  const issuer = new x509.X509Certificate(authority.certificate);
  const now = ctx.clock.now().getTime();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: subjectOf(request),
    issuer: issuer.subjectName,
    notBefore: new Date(now - backdating),
    notAfter: new Date(Math.min(now + (request.lifetime ?? leafLifetime), issuer.notAfter.getTime())),
    signingAlgorithm: signatureAlgorithm,
    publicKey: keys.publicKey,
    signingKey: await privateKeyOf(authority.key),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
      new x509.ExtendedKeyUsageExtension(usagesOf(request).map((usage) => x509.ExtendedKeyUsage[usage])),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      ...namesOf(request, x509),
    ],
  });
  return { certificate: certificate.toString('pem') + '\n', key: await privatePem(keys.privateKey) };
}

export function usagesOf(request: CertificateRequest): readonly ('serverAuth' | 'clientAuth')[] {
  if (request.usage === 'both') return ['serverAuth', 'clientAuth'];
  return request.usage === 'server' ? ['serverAuth'] : ['clientAuth'];
}

export const subjectOf = ({ organizations = [], commonName }: CertificateRequest) => [
  ...organizations.map((name) => ({ O: [name] })),
  { CN: [commonName] },
];

export function namesOf(request: CertificateRequest, x509: typeof import('@peculiar/x509')) {
  const names = [
    ...(request.dnsNames ?? []).map((value) => ({ type: 'dns' as const, value })),
    ...(request.ipAddresses ?? []).map((value) => ({ type: 'ip' as const, value })),
  ];
  return names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)];
}

/** A new pair, and how it signs. */
export const keysFor = async (type?: CertificateRequest['keyType']) => ({
  keys: await newKeys(type),
  algorithm: type === 'rsa' ? rsa : signatureAlgorithm,
});

function newKeys(type?: CertificateRequest['keyType']): Promise<webcrypto.CryptoKeyPair> {
  const usages: webcrypto.KeyUsage[] = ['sign', 'verify'];
  if (type === 'rsa') return webcrypto.subtle.generateKey(rsa, true, usages);
  return webcrypto.subtle.generateKey(signatureAlgorithm, true, usages) as Promise<webcrypto.CryptoKeyPair>;
}

/** 127 bits: positive as a signed DER integer, unique without a counter that processes would have to share. */
export function newSerial(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = (bytes[0]! & 0x7f) | 0x01;
  return Buffer.from(bytes).toString('hex');
}

export async function privatePem(key: CryptoKey): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n');
}

export function privateKeyOf(pem: string): Promise<CryptoKey> {
  const bytes = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  return webcrypto.subtle.importKey('pkcs8', bytes, signatureAlgorithm, false, ['sign']) as Promise<CryptoKey>;
}
