import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Peer } from '@kubernest/apiserver/engine';

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
  // Never believe a subject of a certificate that our CA did not sign.
  if (!(socket instanceof TLSSocket) || !socket.authorized) return { address };
  const { subject, fingerprint256 } = socket.getPeerCertificate();
  if (!subject) return { address };
  return {
    address,
    certificate: { commonName: first(subject.CN), organizations: all(subject.O), fingerprint: fingerprint256 },
  };
}

/** Node gives a string for one value and an array for several. */
const all = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
const first = (value: string | string[] | undefined): string => all(value)[0] ?? '';
