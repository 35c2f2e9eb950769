import type { Context, Milliseconds } from '@kubernest/kit';
import {
  backdating,
  type CertifiedKey,
  leafLifetime,
  newSerial,
  privateKeyOf,
  signatureAlgorithm,
} from './certificate.ts';
import { library } from './x509-library.ts';

type Library = typeof import('@peculiar/x509');

/** What a certificate is to say. The subject and the key are DER. */
export interface CertificateTerms {
  readonly subject: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly emailAddresses: readonly string[];
  readonly uris: readonly string[];
  /** As `spec.usages` names them. */
  readonly usages: readonly string[];
  /** A year at most, and a year unless given. */
  readonly lifetime?: Milliseconds;
}

/** Shorter lives are not shortened by what they begin early. */
const short: Milliseconds = 8 * 60 * 60 * 1000;
const shortest: Milliseconds = 10 * 60 * 1000;

/** A certificate of `authority`, PEM, for a key that somebody else has. It ends with its authority. */
export async function signCertificate(authority: CertifiedKey, terms: CertificateTerms, ctx: Context): Promise<string> {
  const x509 = await library();
  const issuer = new x509.X509Certificate(authority.certificate);
  const now = ctx.clock.now().getTime();
  if (now >= issuer.notAfter.getTime()) throw new Error(`the authority ended at ${issuer.notAfter.toISOString()}`);
  const life = Math.max(shortest, Math.min(terms.lifetime ?? leafLifetime, leafLifetime));
  const end = now + life - (life < short ? 0 : backdating);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: new x509.Name(terms.subject),
    issuer: issuer.subjectName,
    notBefore: new Date(now - backdating),
    notAfter: new Date(Math.min(end, issuer.notAfter.getTime())),
    signingAlgorithm: signatureAlgorithm,
    publicKey: new x509.PublicKey(terms.publicKey),
    signingKey: await privateKeyOf(authority.key),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      ...usageExtensions(terms.usages, x509),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      ...nameExtensions(terms, x509),
    ],
  });
  return `${certificate.toString('pem')}\n`;
}

/** Bits of RFC 5280, 4.2.1.3. */
const keyUsageBits: Readonly<Record<string, number>> = {
  signing: 1,
  'digital signature': 1,
  'content commitment': 2,
  'key encipherment': 4,
  'data encipherment': 8,
  'key agreement': 16,
  'cert sign': 32,
  'crl sign': 64,
  'encipher only': 128,
  'decipher only': 256,
};

const purposes: Readonly<Record<string, string>> = {
  any: '2.5.29.37.0',
  'server auth': '1.3.6.1.5.5.7.3.1',
  'client auth': '1.3.6.1.5.5.7.3.2',
  'code signing': '1.3.6.1.5.5.7.3.3',
  'email protection': '1.3.6.1.5.5.7.3.4',
  's/mime': '1.3.6.1.5.5.7.3.4',
  'ipsec end system': '1.3.6.1.5.5.7.3.5',
  'ipsec tunnel': '1.3.6.1.5.5.7.3.6',
  'ipsec user': '1.3.6.1.5.5.7.3.7',
  timestamping: '1.3.6.1.5.5.7.3.8',
  'ocsp signing': '1.3.6.1.5.5.7.3.9',
  'microsoft sgc': '1.3.6.1.4.1.311.10.3.3',
  'netscape sgc': '2.16.840.1.113730.4.1',
};

function usageExtensions(usages: readonly string[], x509: Library) {
  const unknown = usages.filter((usage) => !Object.hasOwn(keyUsageBits, usage) && !Object.hasOwn(purposes, usage));
  if (unknown.length > 0) throw new Error(`unrecognized usage values: ${JSON.stringify(unknown)}`);
  const bits = usages.reduce((all, usage) => all | (keyUsageBits[usage] ?? 0), 0);
  const oids = [...new Set(usages.flatMap((usage) => purposes[usage] ?? []))];
  return [
    ...(bits === 0 ? [] : [new x509.KeyUsagesExtension(bits, true)]),
    ...(oids.length === 0 ? [] : [new x509.ExtendedKeyUsageExtension(oids)]),
  ];
}

function nameExtensions(terms: CertificateTerms, x509: Library) {
  const of = <T extends string>(type: T, values: readonly string[]) => values.map((value) => ({ type, value }));
  const names = [
    ...of('dns', terms.dnsNames),
    ...of('email', terms.emailAddresses),
    ...of('ip', terms.ipAddresses),
    ...of('url', terms.uris),
  ];
  return names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)];
}
