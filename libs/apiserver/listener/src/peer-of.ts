import type { Socket } from 'node:net';
import type { Peer } from '@kubernest/apiserver/contract';
import { clientCertificateOf } from '@kubernest/pki';

const known = new WeakMap<Socket, Peer>();

/** The other end of a connection; looked at once per connection. */
export function peerOf(socket: Socket): Peer {
  let peer = known.get(socket);
  if (!peer) {
    peer = look(socket);
    known.set(socket, peer);
  }
  return peer;
}

function look(socket: Socket): Peer {
  const address = socket.remoteAddress ?? '';
  const certificate = clientCertificateOf(socket);
  if (certificate === 'none') return { address };
  return certificate === 'refused' ? { address, certificateRefused: true } : { address, certificate };
}
