import { createPrivateKey, X509Certificate } from 'node:crypto';
import { type CertificateRequest, type CertifiedKey, usagesOf } from './certificate.ts';

const usageOids = { serverAuth: '1.3.6.1.5.5.7.3.1', clientAuth: '1.3.6.1.5.5.7.3.2' } as const;

/** Why `held` does not serve `request` under `authority` any more; undefined while it does. Uses Node's own parser only. */
export function whyReissue(
  held: CertifiedKey,
  request: CertificateRequest,
  authority: string,
  now: Date,
  until: 'renewal' | 'whole life' = 'renewal',
): string | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(held.certificate);
    if (!certificate.checkPrivateKey(createPrivateKey(held.key))) return 'the key belongs to another certificate';
  } catch (error) {
    return `unreadable: ${error instanceof Error ? error.message : String(error)}`;
  }
  const issuer = new X509Certificate(authority);
  if (!certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey)) return 'signed by another authority';
  const end = until === 'renewal' ? renewalTime(held.certificate) : certificate.validToDate;
  if (now >= end) return 'close to its end';
  if (now < certificate.validFromDate) return 'not valid yet';
  return subjectFault(certificate, request) ?? nameFault(certificate, request) ?? usageFault(certificate, request);
}

/** When a certificate should be replaced: after two thirds of its life. */
export function renewalTime(certificatePem: string): Date {
  const { validFromDate, validToDate } = new X509Certificate(certificatePem);
  const life = validToDate.getTime() - validFromDate.getTime();
  return new Date(validFromDate.getTime() + (life * 2) / 3);
}

function subjectFault(certificate: X509Certificate, request: CertificateRequest): string | undefined {
  const subject = certificate.toLegacyObject().subject as unknown as Record<string, string | string[] | undefined>;
  const organizations = [subject.O ?? []].flat().sort();
  const wanted = [...(request.organizations ?? [])].sort();
  const same = subject.CN === request.commonName && organizations.join('\n') === wanted.join('\n');
  return same ? undefined : 'made for another subject';
}

function nameFault(certificate: X509Certificate, request: CertificateRequest): string | undefined {
  const dns = request.dnsNames?.find((name) => certificate.checkHost(name, { subject: 'never' }) === undefined);
  const ip = request.ipAddresses?.find((address) => certificate.checkIP(address) === undefined);
  const missing = dns ?? ip;
  return missing === undefined ? undefined : `does not name ${missing}`;
}

function usageFault(certificate: X509Certificate, request: CertificateRequest): string | undefined {
  const held = certificate.keyUsage ?? [];
  const missing = usagesOf(request).find((usage) => !held.includes(usageOids[usage]));
  return missing === undefined ? undefined : `is not for ${missing}`;
}
