import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** What a client's certificate says of who calls. */
export interface ClientCertificate {
  readonly commonName: string;
  readonly organizations: readonly string[];
  /** SHA-256 in hexadecimal, with colons. */
  readonly fingerprint: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/**
 * The certificate that the other end of a connection has proven to hold; `none` where it showed none, `refused` where what it showed proves
 * nothing: another authority's, not for clients, not valid when the session began. A proven one is proven for the moment of the handshake
 * only, and a resumed session has no handshake: ask `isValidAt` at each request.
 */
export function clientCertificateOf(socket: Socket): ClientCertificate | 'none' | 'refused' {
  if (!(socket instanceof TLSSocket)) return 'none';
  const { subject, fingerprint256, valid_from, valid_to } = socket.getPeerCertificate();
  if (!subject) return 'none';
  // Never believe a subject of a certificate that our authority did not sign.
  if (!socket.authorized) return 'refused';
  return {
    // compat: of several the last, as Go takes it.
    commonName: all(subject.CN).at(-1) ?? '',
    organizations: all(subject.O),
    fingerprint: fingerprint256,
    notBefore: new Date(valid_from),
    notAfter: new Date(valid_to),
  };
}

/** Both ends belong to its life, as in Kubernetes. */
export function isValidAt(
  { notBefore, notAfter }: Pick<ClientCertificate, 'notBefore' | 'notAfter'>,
  now: Date,
): boolean {
  return now >= notBefore && now <= notAfter;
}

/** Node gives a string for one value and an array for several. */
const all = (value: string | string[] | undefined): string[] => [value ?? []].flat();
