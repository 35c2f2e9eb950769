import { type AgentOptions, Agent as PlainAgent } from 'node:http';
import { type RequestOptions, Agent as SecureAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { checkServerIdentity, createSecureContext, type PeerCertificate, type SecureContext } from 'node:tls';
import type { Milliseconds } from '@kubernest/kit';
import type { Connection } from './contract.ts';

/** Opens a connection below TLS and HTTP. */
export type Open = (at: { readonly host: string; readonly port: number }) => Duplex;

/** As Node's own keeps them: most servers wait no longer. */
const IDLE_WITHIN: Milliseconds = 5_000;
/** Kept for each endpoint, and in all. Those in use are as many as there are calls, which the API server bounds. */
const MOST_IDLE_EACH = 32;
const MOST_IDLE = 256;
const kept: AgentOptions = {
  keepAlive: true,
  scheduling: 'lifo',
  timeout: IDLE_WITHIN,
  maxFreeSockets: MOST_IDLE_EACH,
};

export interface NodeConnection extends Connection {
  /** Whose agent must be there. */
  readonly node?: string;
}

/**
 * The connections of one dialer. One is used again for the same address with the same trust and credentials, and where it was shown to be a
 * node's, for that node: who claims another's address gets none of its connections.
 */
export class Connections {
  readonly plain: PlainAgent;
  readonly secure: SecureAgent;

  constructor(open: Open | undefined) {
    this.plain = new PlainConnections(open);
    this.secure = new SecureConnections(open);
  }

  /** Ends those that nobody uses. */
  close(): void {
    for (const { freeSockets } of [this.plain, this.secure])
      for (const socket of Object.values(freeSockets).flat()) socket?.destroy();
  }
}

const over = (open: Open | undefined, { host, port }: RequestOptions): { readonly socket?: Duplex } =>
  open ? { socket: open({ host: host ?? '', port: Number(port) }) } : {};

const hasRoom = ({ freeSockets }: PlainAgent): boolean =>
  Object.values(freeSockets).reduce((count, sockets = []) => count + sockets.length, 0) < MOST_IDLE;

class PlainConnections extends PlainAgent {
  constructor(private readonly open: Open | undefined) {
    super(kept);
  }

  override createConnection(options: RequestOptions, done?: (error: Error | null, socket: Duplex) => void) {
    return over(this.open, options).socket ?? super.createConnection(options as never, done);
  }

  override keepSocketAlive(socket: Duplex): boolean {
    return hasRoom(this) && (super.keepSocketAlive(socket) as unknown as boolean);
  }
}

class SecureConnections extends SecureAgent {
  readonly #ofNodes = new KeptContext();

  constructor(private readonly open: Open | undefined) {
    super(kept);
  }

  override getName(options?: Partial<NodeConnection>): string {
    return `${super.getName(options)}:${options?.node ?? ''}`;
  }

  // Who is there is judged here and not by the call's own options, for which Node would never use a connection twice.
  override createConnection(options: NodeConnection, done?: (error: Error | null, socket: Duplex) => void) {
    const judged =
      options.node === undefined
        ? {}
        : { checkServerIdentity: isThatNode(options.node), secureContext: this.#ofNodes.of(options) };
    return super.createConnection({ ...options, ...judged, ...over(this.open, options) } as never, done);
  }

  override keepSocketAlive(socket: Duplex): boolean {
    return hasRoom(this) && (super.keepSocketAlive(socket) as unknown as boolean);
  }
}

/** What certificates are read into, which takes longer than to open a connection: once, until they are renewed. */
class KeptContext {
  #made: { readonly from: Pick<RequestOptions, 'ca' | 'cert' | 'key'>; readonly context: SecureContext } | undefined;

  of({ ca, cert, key }: RequestOptions): SecureContext {
    const from = this.#made?.from;
    if (!this.#made || from?.ca !== ca || from?.cert !== cert || from?.key !== key)
      this.#made = { from: { ca, cert, key }, context: createSecureContext({ ca, cert, key }) };
    return this.#made.context;
  }
}

/**
 * A node's status is its own word: at the address that it names may be anybody with a certificate of ours, the API server itself above all,
 * who would take the call for one of the API server's. Kubernetes, told whose certificates to believe, looks at the address alone.
 */
const isThatNode =
  (node: string) =>
  (host: string, certificate: PeerCertificate): Error | undefined => {
    const names = [certificate.subject.CN].flat();
    if (names.length === 1 && names[0] === `system:node:${node}`) return checkServerIdentity(host, certificate);
    const found = names.map((name) => JSON.stringify(name)).join(', ');
    return Object.assign(new Error(`at ${host} is ${found} and not node "${node}"`), { code: 'ERR_TLS_NOT_THAT_NODE' });
  };
