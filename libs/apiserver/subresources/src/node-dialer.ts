import type { RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import type { ObjectReader } from '@kubernest/apiserver/engine';
import { type KubeObject, notFound, unavailable } from '@kubernest/meta';

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
  };
}

export interface DialerIdentity {
  /** Whose certificates agents serve with. */
  readonly ca: string | Buffer;
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

const AGENT_PORT = 10250;
const preferred = ['InternalIP', 'ExternalIP', 'Hostname'];

/** Where every node and pod has a route from here. Asked for its identity at each call: certificates are renewed. */
export function directDialer(identity: () => DialerIdentity): NodeDialer {
  return {
    toNode(name, read) {
      const node = read.get<Node>({ group: '', resource: 'nodes' }, name);
      if (!node) throw notFound({ group: '', resource: 'nodes', name });
      const host = preferred.flatMap(
        (type) => node.status?.addresses?.find((each) => each.type === type)?.address ?? [],
      )[0];
      if (!host) throw unavailable(`node "${name}" has no address yet`);
      const port = node.status?.daemonEndpoints?.kubeletEndpoint?.Port || AGENT_PORT;
      // What the certificate must name; else Node would take it from whatever `host` header is sent.
      const servername = isIP(host) ? '' : host;
      return { protocol: 'https:', host, port, servername, ...identity() };
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
