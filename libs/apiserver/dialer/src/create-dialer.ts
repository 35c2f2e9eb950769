import type { RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import type { Context } from '@kubernest/kit';
import { call } from './call.ts';
import { Connections, type NodeConnection, type Open } from './connections.ts';
import type { ClusterReader, Connection, Dialer, Security, Trust } from './contract.ts';
import { agentOf } from './resolve/node.ts';
import { podEndpoint } from './resolve/pod.ts';
import { type Reachable, type ResolveName, reachable, resolveName } from './resolve/reachable.ts';
import { serviceEndpoint } from './resolve/service.ts';

export interface DialerParts {
  readonly read: ClusterReader;
  /** The API server's own towards agents. Asked for at each call: certificates are renewed. */
  readonly identity: () => DialerIdentity;
  /** Where this API server itself listens: what Service `kubernetes` leads to, though its endpoints may not know yet. */
  readonly own?: { readonly host: string; readonly port: number };
  /** The system's unless given. */
  readonly resolve?: ResolveName;
  /** A tunnel, where there is no route; directly unless given. */
  readonly open?: Open;
}

export interface DialerIdentity {
  /** Whose certificates agents serve with. */
  readonly ca: string | Buffer;
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

/** One for each API server; its idle connections end with `ctx`. */
export function createDialer({ read, identity, own, resolve = resolveName, open }: DialerParts, ctx: Context): Dialer {
  const connections = new Connections(open);
  ctx.signal.addEventListener('abort', () => connections.close(), { once: true });

  const connected = ({ host, port, name }: Reachable, security: Security): Connection => {
    if (security === 'none') return { protocol: 'http:', host, port, agent: connections.plain };
    const trust = security === 'unverified' ? { insecureSkipVerify: true } : security;
    return { protocol: 'https:', host, port, agent: connections.secure, ...tlsOf(trust, name) };
  };
  const toNode = (name: string): NodeConnection => {
    const at = agentOf(read, name);
    // What the certificate must name; else Node would take it from whatever `host` header is sent.
    const servername = isIP(at.host) ? '' : at.host;
    return { protocol: 'https:', ...at, servername, node: name, agent: connections.secure, ...identity() };
  };
  const toPort: Dialer['toPort'] = async ({ security, ...at }) => connected(await reachable(at, resolve), security);

  const dialer: Dialer = {
    toNode,
    toPort,
    async toNodePort({ name, port, security }) {
      const agent = toNode(name);
      const { host } = agent;
      if (port !== '' && port !== String(agent.port)) return toPort({ host, port, security });
      return { ...agent, host: (await reachable(agent, resolve)).host };
    },
    toPod: async (port, ctx) => toPort({ ...(await podEndpoint(read, port, ctx)), security: port.security }),
    async toService(port) {
      const { namespace, name, podsOnly } = port;
      const security = namedAs(`${name}.${namespace}.svc`, port.security);
      const isOwn = namespace === 'default' && name === 'kubernetes' && Number(port.port) === 443;
      if (own && isOwn && !podsOnly) return connected({ ...own, name: '' }, security);
      return toPort({ ...serviceEndpoint(read, port), security });
    },
    call: (target, request, ctx) => call({ dialer, connected }, target, request, ctx),
  };
  return dialer;
}

type TlsOptions = Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized' | 'servername'>;

const namedAs = (serverName: string, security: Security): Security =>
  typeof security === 'string' ? security : { ...security, serverName: security.serverName || serverName };

function tlsOf({ caBundle, serverName, clientCertificate, insecureSkipVerify }: Trust, name: string): TlsOptions {
  return {
    servername: serverName || name,
    ...(String(caBundle ?? '').trim() === '' ? {} : { ca: caBundle }),
    ...(insecureSkipVerify ? { rejectUnauthorized: false } : {}),
    ...(clientCertificate ? { cert: clientCertificate.certificate, key: clientCertificate.key } : {}),
  };
}
