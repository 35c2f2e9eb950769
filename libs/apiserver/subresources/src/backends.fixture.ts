import { once } from 'node:events';
import { Agent, type Server } from 'node:http';
import { type AddressInfo, connect, type Server as NetServer, type Socket } from 'node:net';
import { createSecureContext, createServer, type SecureContext } from 'node:tls';
import type { ObjectReader } from '@kubernest/apiserver/contract';
import { createDialer, type Dialer } from '@kubernest/apiserver/dialer';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { type CertificateRequest, issueAuthority, issueCertificate, kubeletServingIdentity } from '@kubernest/pki';

/** Who answers in the place of agents and pods, and what is known of the way there. */
export interface Backends {
  readonly echo: Server;
  readonly secured: Secured;
  readonly dialled: string[];
  readonly sockets: { readonly dialled: Socket[] };
}

export interface Secured {
  readonly server: NetServer;
  /** Whose certificates agents serve with. */
  readonly ca: string;
}

/** What names stand for. */
const names: Readonly<Record<string, readonly string[]>> = {
  'n.example': ['10.0.0.9'],
  'both.example': ['10.0.0.9', '127.0.0.1'],
};
const securedPorts = new Set([443, 8443, 10250]);
/** Nobody is at this port, of whatever address. */
const NOBODY = 7;
const portOf = (server: NetServer): number => (server.address() as AddressInfo).port;

/** `echo` behind TLS: the agent of node `n`, or of node `named` where it is called by its name. */
export async function startSecured(echo: Server): Promise<Secured> {
  const ctx: Context = {
    signal: new AbortController().signal,
    clock: new FakeClock(new Date()),
    log: silentLogger,
  };
  const authority = await issueAuthority('test', ctx);
  const contextOf = async (request: CertificateRequest): Promise<SecureContext & { cert: string; key: string }> => {
    const { certificate: cert, key } = await issueCertificate(authority, request, ctx);
    return Object.assign(createSecureContext({ cert, key }), { cert, key });
  };
  const [n, named] = await Promise.all([
    contextOf(kubeletServingIdentity('n', ['10.0.0.9'])),
    contextOf({ ...kubeletServingIdentity('named', []), dnsNames: ['n.example'] }),
  ]);
  const server = createServer(
    {
      cert: n.cert,
      key: n.key,
      SNICallback: (name, done) => done(null, name === 'n.example' ? named : n),
    },
    (socket) => echo.emit('connection', socket),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, ca: authority.certificate };
}

/** A real dialer whose every connection ends here. */
export function dialerTo(
  { echo, secured, dialled, sockets }: Backends,
  read: ObjectReader,
  keepsConnections: boolean,
): Dialer {
  const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(), log: silentLogger };
  const portBehind = (port: number): number =>
    port === NOBODY ? NOBODY : portOf(securedPorts.has(port) ? secured.server : echo);
  const open = ({ host, port }: { readonly host: string; readonly port: number }): Socket => {
    dialled.push(`${host}:${port}`);
    const socket = connect(portBehind(port), '127.0.0.1');
    sockets.dialled.push(socket);
    return socket;
  };
  const identity = () => ({ ca: secured.ca, cert: '', key: '' });
  const dialer = createDialer({ read, identity, resolve: async (name) => names[name] ?? [], open }, ctx);
  // Polite to the other end, and yet each call connects anew.
  if (!keepsConnections)
    for (const security of ['none', 'unverified'] as const)
      void dialer.toPort({ host: '10.0.0.9', port: 80, security }).then(({ agent }) => {
        if (agent instanceof Agent) agent.maxFreeSockets = 0;
      });
  return dialer;
}
