import { Agent, type RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { ObjectReader } from '@kubernest/apiserver/engine';
import type { Milliseconds } from '@kubernest/kit';
import { badRequest, type KubeObject, notFound, unavailable } from '@kubernest/meta';

/** How the API server reaches nodes and pods: directly where routes exist, through a tunnel where they do not. */
export interface NodeDialer {
  /** The API of a node's agent, with the API server's own credentials. Throws 404 for no such node, 503 for one without an address. */
  toNode(name: string, read: ObjectReader): RequestOptions;
  /** A port of a pod or a node, without credentials. Whether that is an address and a port at all is checked by who dials. */
  toPort(address: PortAddress, read: ObjectReader): RequestOptions;
}

export interface PortAddress {
  readonly host: string;
  readonly port: number | string;
  readonly tls: boolean;
}

export interface Node extends KubeObject {
  readonly status?: {
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly daemonEndpoints?: { readonly kubeletEndpoint?: { readonly Port?: number } };
    readonly nodeInfo?: { readonly containerRuntimeVersion?: string };
  };
}

export interface DialerIdentity {
  /** Whose certificates agents serve with. */
  readonly ca: string | Buffer;
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

const AGENT_PORT = 10250;
/** As Node's own keeps them. */
const IDLE_MS: Milliseconds = 5_000;
const preferred = ['InternalIP', 'ExternalIP', 'Hostname'];

/** A node that is not there, as its own status says. */
const isSimulated = ({ status }: Node): boolean =>
  status?.nodeInfo?.containerRuntimeVersion?.startsWith('hollow://') === true;

interface NodeConnection extends RequestOptions {
  readonly node: string;
}

/** Who has shown to be one node is not asked again, so a connection to it is never used for another that claims the same address. */
class NodeConnections extends Agent {
  override getName(options?: NodeConnection): string {
    return `${super.getName(options)}:${options?.node}`;
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
    return new Error(`at ${host} is ${names.map((name) => JSON.stringify(name)).join(', ')} and not node "${node}"`);
  };

/** Where every node and pod has a route from here. Asked for its identity at each call: certificates are renewed. */
export function directDialer(identity: () => DialerIdentity): NodeDialer {
  const agent = new NodeConnections({ keepAlive: true, scheduling: 'lifo', timeout: IDLE_MS });
  return {
    toNode(name, read): NodeConnection {
      const node = read.get<Node>({ group: '', resource: 'nodes' }, name);
      if (!node) throw notFound({ group: '', resource: 'nodes', name });
      if (isSimulated(node))
        throw badRequest(
          `node "${name}" is simulated: its pods have no containers, so there is nothing to log, to run or to reach`,
        );
      const host = preferred.flatMap(
        (type) => node.status?.addresses?.find((each) => each.type === type)?.address ?? [],
      )[0];
      if (!host) throw unavailable(`node "${name}" has no address yet`);
      const port = node.status?.daemonEndpoints?.kubeletEndpoint?.Port || AGENT_PORT;
      // What the certificate must name; else Node would take it from whatever `host` header is sent.
      const servername = isIP(host) ? '' : host;
      const isOurs = { node: name, agent, checkServerIdentity: isThatNode(name) };
      return { protocol: 'https:', host, port, servername, ...isOurs, ...identity() };
    },
    // compat: nobody knows who signed a pod's certificate, so it is not checked, as Kubernetes' proxy does not.
    toPort: ({ host, port, tls }) => ({
      protocol: tls ? 'https:' : 'http:',
      host,
      port,
      ...(tls ? { rejectUnauthorized: false } : {}),
    }),
  };
}
