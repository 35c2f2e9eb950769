import { type CertificateRequest, keysFor, namesOf, privatePem, subjectOf } from './certificate.ts';
import { library } from './x509-library.ts';

/** A new key, and what asks for a certificate of it: both PEM. */
export interface SigningRequest {
  readonly request: string;
  readonly key: string;
}

/** Asks for a certificate of this identity, whoever is to sign it (PKCS#10). */
export async function makeSigningRequest(identity: CertificateRequest): Promise<SigningRequest> {
  const x509 = await library();
  const { keys, algorithm } = await keysFor(identity.keyType);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: subjectOf(identity),
    keys,
    signingAlgorithm: algorithm,
    extensions: namesOf(identity, x509),
  });
  return { request: `${request.toString('pem')}\n`, key: await privatePem(keys.privateKey) };
}
