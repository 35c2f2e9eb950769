import type { Server } from 'node:http';
import { Socket } from 'node:net';

const refusal = 'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n';

/** compat: what Go's TLS server answers. It costs nothing until a handshake has failed, which tells what it met instead. */
export function refusePlainHttp(server: Server): void {
  server.on('tlsClientError', (error: NodeJS.ErrnoException, tls: { readonly _parent?: unknown }) => {
    // Node tells of the connection below the TLS nowhere else.
    const below = tls._parent;
    if (error.code !== 'ERR_SSL_HTTP_REQUEST' || !(below instanceof Socket) || !below.writable) return;
    below.on('error', () => {});
    below.write(refusal);
    below.destroySoon();
  });
}
