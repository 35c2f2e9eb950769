import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { messageOf } from '@kubernest/kit';
import { type PemBlock, pemBlocks } from '../../certificates/types/pem.ts';
import type { Secret } from '../../types.ts';

/** A key that does not belong to its certificate. The sentences are the wire's. */
export function warnOfSecret({ type, data = {} }: Secret): string[] {
  if (type !== 'kubernetes.io/tls') return [];
  const [certificates, keys] = [pemBlocks(data['tls.crt']), pemBlocks(data['tls.key'])];
  const fault = faultOfCertificates(certificates) ?? faultOfKeys(keys) ?? faultOfPair(certificates, keys);
  return fault === undefined ? [] : [fault];
}

const isCertificate = ({ type }: PemBlock): boolean => type === 'CERTIFICATE';
const isKey = ({ type }: PemBlock): boolean => type === 'PRIVATE KEY' || type.endsWith(' PRIVATE KEY');
const skipped = (blocks: readonly PemBlock[]): string =>
  `after skipping PEM blocks of the following types: [${blocks.map(({ type }) => type).join(' ')}]`;

function faultOfCertificates(blocks: readonly PemBlock[]): string | undefined {
  if (blocks.some(isCertificate)) return undefined;
  if (blocks.length === 0) return 'tls: failed to find any PEM data in certificate input';
  if (blocks.length === 1 && blocks[0]!.type.endsWith('PRIVATE KEY'))
    return 'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched';
  return `tls: failed to find "CERTIFICATE" PEM block in certificate input ${skipped(blocks)}`;
}

function faultOfKeys(blocks: readonly PemBlock[]): string | undefined {
  if (blocks.some(isKey)) return undefined;
  if (blocks.length === 0) return 'tls: failed to find any PEM data in key input';
  if (blocks.length === 1 && isCertificate(blocks[0]!))
    return 'tls: found a certificate rather than a key in the PEM for the private key';
  return `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input ${skipped(blocks)}`;
}

function faultOfPair(certificates: readonly PemBlock[], keys: readonly PemBlock[]): string | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(certificates.find(isCertificate)!.text);
  } catch (error) {
    return `x509: malformed certificate: ${messageOf(error)}`;
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(keys.find(isKey)!.text);
  } catch {
    return 'tls: failed to parse private key';
  }
  if (key.asymmetricKeyType !== certificate.publicKey.asymmetricKeyType)
    return 'tls: private key type does not match public key type';
  return certificate.checkPrivateKey(key) ? undefined : 'tls: private key does not match public key';
}
