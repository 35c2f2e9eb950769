import { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

/** What of Node's `ca` option is understood here: one PEM text or several, each with one authority or several. */
export type Authorities = string | Buffer | readonly (string | Buffer)[];

const anyUsage = '2.5.29.37.0';
const clientUsage = '1.3.6.1.5.5.7.3.2';

/**
 * Authorizes a client whose certificate OpenSSL holds to be for something else and Go does not: Go takes a certificate without extended usages,
 * for any usage or for clients, whatever its plain key usage says. To be called when the handshake is done and before anybody asks who it is.
 * Of several faults OpenSSL tells the last, so that one of `authorities` itself has signed is looked at anew; one in between is not believed.
 */
export function authorizeByUsage(socket: TLSSocket, authorities: Authorities): void {
  // Node gives the code, though its types say an error.
  if (socket.authorized || String(socket.authorizationError) !== 'INVALID_PURPOSE') return;
  const shown = socket.getPeerX509Certificate();
  if (shown && isForClients(shown) && pemsIn(authorities).some((pem) => hasSigned(pem, shown)))
    socket.authorized = true;
}

/** Whether one of `authorities` itself has signed what the other end showed, which need not be proven. */
export function isSignedBy(socket: TLSSocket, authorities: Authorities): boolean {
  const shown = socket.getPeerX509Certificate();
  return shown !== undefined && pemsIn(authorities).some((pem) => hasSigned(pem, shown));
}

function isForClients({ keyUsage }: X509Certificate): boolean {
  // Node's types say that there is always one.
  const usages = keyUsage as readonly string[] | undefined;
  return usages === undefined || usages.includes(anyUsage) || usages.includes(clientUsage);
}

function hasSigned(pem: string, shown: X509Certificate): boolean {
  const authority = new X509Certificate(pem);
  return authority.ca && shown.checkIssued(authority) && shown.verify(authority.publicKey);
}

const pemsIn = (authorities: Authorities): readonly string[] =>
  [authorities].flat().flatMap((text) => String(text).match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? []);
