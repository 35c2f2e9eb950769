import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Context } from '@kubernest/kit';
import { type CertifiedKey, issueCertificate } from '@kubernest/pki';
import { createListener, type Listener, type ListenerOptions } from './create-listener.ts';

export interface TlsListener extends AsyncDisposable {
  readonly listener: Listener;
  /** Whom clients connect to, and by what they know it. */
  readonly at: { readonly port: number; readonly host: string; readonly ca: string };
}

/** Listens on a port of this machine with a certificate of `ca`, and knows clients by theirs. */
export async function tlsListener(
  ca: CertifiedKey,
  {
    frontProxyCa,
    ...options
  }: Omit<ListenerOptions, 'tls'> & Pick<NonNullable<ListenerOptions['tls']>, 'frontProxyCa'>,
  ctx: Context,
): Promise<TlsListener> {
  const { key, certificate: cert } = await issueCertificate(
    ca,
    { commonName: 'api', dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'], usage: 'server' },
    ctx,
  );
  const listener = createListener(
    { ...options, tls: { key, cert, clientCa: ca.certificate, ...(frontProxyCa && { frontProxyCa }) } },
    ctx,
  );
  await once(listener.server.listen(0, '127.0.0.1'), 'listening');
  const { port } = listener.server.address() as AddressInfo;
  return {
    listener,
    at: { port, host: '127.0.0.1', ca: ca.certificate },
    async [Symbol.asyncDispose]() {
      listener.drain();
      listener.server.closeAllConnections();
      await new Promise((closed) => listener.server.close(closed));
    },
  };
}
