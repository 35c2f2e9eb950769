import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { CertificateRequestFacts } from './certificate-request.ts';

interface Algorithm {
  readonly key: 'ec' | 'rsa' | 'ed25519';
  /** Null where the key says it. */
  readonly hash: string | null;
}

/** Those that Go verifies requests by. */
const algorithms: Readonly<Record<string, Algorithm>> = {
  '1.2.840.10045.4.1': { key: 'ec', hash: 'sha1' },
  '1.2.840.10045.4.3.2': { key: 'ec', hash: 'sha256' },
  '1.2.840.10045.4.3.3': { key: 'ec', hash: 'sha384' },
  '1.2.840.10045.4.3.4': { key: 'ec', hash: 'sha512' },
  '1.2.840.113549.1.1.5': { key: 'rsa', hash: 'sha1' },
  '1.2.840.113549.1.1.11': { key: 'rsa', hash: 'sha256' },
  '1.2.840.113549.1.1.12': { key: 'rsa', hash: 'sha384' },
  '1.2.840.113549.1.1.13': { key: 'rsa', hash: 'sha512' },
  '1.3.101.112': { key: 'ed25519', hash: null },
};

const failures: Readonly<Record<Algorithm['key'], string>> = {
  ec: 'x509: ECDSA verification failure',
  rsa: 'crypto/rsa: verification error',
  ed25519: 'x509: Ed25519 verification failure',
};

/** Why a request is not proven to come from the holder of its key; undefined where it is. The sentences are the wire's. */
export function signatureFault({ publicKey, signature }: CertificateRequestFacts): string | undefined {
  const algorithm = Object.hasOwn(algorithms, signature.algorithm) ? algorithms[signature.algorithm] : undefined;
  let key: KeyObject;
  try {
    key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
  } catch {
    return 'x509: unsupported public key';
  }
  if (!algorithm || key.asymmetricKeyType !== algorithm.key)
    return 'x509: cannot verify signature: algorithm unimplemented';
  return verify(algorithm.hash, signature.of, key, signature.bytes) ? undefined : failures[algorithm.key];
}
