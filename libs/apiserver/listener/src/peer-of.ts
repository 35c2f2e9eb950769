import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Peer } from '@kubernest/apiserver/contract';
import { type Authorities, clientCertificateOf, isSignedBy } from '@kubernest/pki';

const known = new WeakMap<Socket, Peer>();

/** The other end of a connection; looked at once per connection. `frontProxyCa`: who signs for proxies that ask for others. */
export function peerOf(socket: Socket, frontProxyCa?: Authorities): Peer {
  let peer = known.get(socket);
  if (!peer) {
    peer = look(socket, frontProxyCa);
    known.set(socket, peer);
  }
  return peer;
}

function look(socket: Socket, frontProxyCa: Authorities | undefined): Peer {
  const address = socket.remoteAddress ?? '';
  const certificate = clientCertificateOf(socket);
  if (certificate === 'none') return { address };
  if (certificate === 'refused') return { address, certificateRefused: true };
  if (frontProxyCa && isSignedBy(socket as TLSSocket, frontProxyCa))
    return { address, frontProxy: certificate, certificateRefused: true };
  return { address, certificate };
}
