import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { type CertifiedKey, issueAuthority, issueCertificate } from '@kubernest/pki';
import { onTestFinished } from 'vitest';
import type { Dialer } from '../../src/index.ts';
import { createDialer, type DialerParts } from '../../src/index.ts';

export interface Serving {
  readonly server: Server;
  readonly port: number;
  /** Connections that came in so far. */
  readonly accepted: Socket[];
}

/** Ends with the test. */
export async function serving(server: Server): Promise<Serving> {
  const accepted: Socket[] = [];
  server.on('connection', (socket: Socket) => accepted.push(socket));
  onTestFinished(() => {
    for (const socket of accepted) socket.destroy();
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, port: (server.address() as AddressInfo).port, accepted };
}

export const plainly = (listener: RequestListener): Promise<Serving> => serving(createServer(listener));

export interface Pki {
  readonly ca: string;
  readonly issue: (dnsNames: readonly string[], usage?: 'server' | 'client') => Promise<CertifiedKey>;
}

export async function testPki(): Promise<Pki> {
  const ctx = { ...testContext().ctx, clock: new FakeClock(new Date()) };
  const authority = await issueAuthority('test', ctx);
  const issue: Pki['issue'] = (dnsNames, usage = 'server') =>
    issueCertificate(authority, { commonName: dnsNames[0] ?? '', dnsNames, ipAddresses: [], usage }, ctx);
  return { ca: authority.certificate, issue };
}

export async function securely(
  pki: Pki,
  dnsNames: readonly string[],
  listener: RequestListener,
  asks: { readonly requestCert?: boolean } = {},
): Promise<Serving> {
  const { certificate: cert, key } = await pki.issue(dnsNames);
  return serving(createSecure({ cert, key, ca: pki.ca, ...asks }, listener));
}

export function testContext(): { readonly ctx: Context; readonly clock: FakeClock; readonly end: AbortController } {
  const [clock, end] = [new FakeClock(), new AbortController()];
  return { clock, end, ctx: { signal: end.signal, clock, log: silentLogger } };
}

/** Reads a Service `hooks` in namespace `shop` whose only endpoint is 10.0.0.1:8443; whoever is dialled is at `port`. */
export function dialerTo(port: number, ctx: Context, over: Partial<DialerParts> = {}): Dialer & { dialled: string[] } {
  const service = { spec: { ports: [{ name: 'https', port: 443 }] } };
  const slice = {
    metadata: { labels: { 'kubernetes.io/service-name': 'hooks' } },
    ports: [{ name: 'https', port: 8443 }],
    endpoints: [{ addresses: ['10.0.0.1'] }],
  };
  const read = { get: (_: object, key: string) => (key === 'shop/hooks' ? service : undefined), list: () => [slice] };
  const dialled: string[] = [];
  const open = (at: { host: string; port: number }): Duplex => {
    dialled.push(`${at.host}:${at.port}`);
    return connect(port, '127.0.0.1');
  };
  const identity = () => ({ ca: '', cert: '', key: '' });
  return Object.assign(createDialer({ read: read as never, identity, open, ...over }, ctx), { dialled });
}
