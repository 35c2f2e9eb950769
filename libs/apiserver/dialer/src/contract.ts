import type { RequestOptions } from 'node:https';
import type { Context, Milliseconds } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';

/**
 * Where a call goes and how to be sure who is there: an address (never a name that has yet to be looked up, where it was checked), a port,
 * TLS, the pool whose connections are used again. Made anew for each call, as certificates are renewed and endpoints go. For `dial`,
 * `upgrade` and nothing else.
 */
export interface Connection extends RequestOptions {
  readonly host: string;
  readonly port: number;
}

/** Whom to believe on the other side, and who to be. */
export interface Trust {
  /** PEM (an object has it in base64); certificates of these authorities and no others. Absent or blank: of those that the system trusts. */
  readonly caBundle?: string | Buffer;
  /** The name that the certificate must have, also sent as SNI. Absent: `<service>.<namespace>.svc` of a Service, the host of a URL. */
  readonly serverName?: string;
  /** PEM; shown to who asks for one. */
  readonly clientCertificate?: { readonly certificate: string | Buffer; readonly key: string | Buffer };
  /** Believes anybody, as an APIService may wish. */
  readonly insecureSkipVerify?: boolean;
}

/** `unverified`: nobody knows who signed an application's certificate, so a proxy believes it, as Kubernetes' does. */
export type Security = 'none' | 'unverified' | Trust;

/** `port` is a number or a name, as it was asked for; what is none is refused. */
export interface ServicePort {
  readonly namespace: string;
  readonly name: string;
  /** A number is the Service's port, not the endpoint's. Empty: the only one. */
  readonly port: number | string;
  readonly security: Security;
  /** What a proxy reaches: pods of that namespace and nothing else, whatever somebody wrote into a slice or an ExternalName. */
  readonly podsOnly?: boolean;
  /** How the error names what was asked for, when no endpoint is there; the Service's name unless given. */
  readonly id?: string;
}

export interface PodPort {
  readonly namespace: string;
  readonly name: string;
  /** Empty: the first that a container declares, else that of the scheme. */
  readonly port: string;
  readonly security: Security;
}

export interface NodePort {
  readonly name: string;
  /** Empty: the agent's. */
  readonly port: string;
  readonly security: Security;
}

export interface AddressPort {
  /** An address or a name. */
  readonly host: string;
  readonly port: number | string;
  readonly security: Security;
}

/**
 * How the API server reaches everybody else: the one place that chooses an endpoint and opens connections. All of it may be called at once and
 * again. What is thrown before anybody is dialled is a `StatusError` in Kubernetes' words (404 no such object, 400 address not allowed, 503
 * no endpoint). Connections that nobody uses end with the context that the dialer was made with; those in use end with their calls.
 */
export interface Dialer {
  /** The API of a node's agent, with the API server's own credentials. 404, 503 for a node without an address, 400 for one that is simulated. */
  toNode(name: string): Connection;
  /** What a proxy reaches of a node: its agent as `toNode`, any other port without credentials; the address is checked. */
  toNodePort(port: NodePort): Promise<Connection>;
  toPod(port: PodPort, ctx: Context): Promise<Connection>;
  /**
   * One ready endpoint of a Service, another one each time, of the primary family where there are several; of an ExternalName its name. The
   * API server's own Service is the API server. Needs no kube-proxy where it runs (Kubernetes' `--enable-aggregator-routing`).
   */
  toService(port: ServicePort): Promise<Connection>;
  /**
   * Resolves names once: what was checked is what is dialled. 400 for loopback, link-local, unspecified, multicast and broadcast addresses,
   * 503 for a port that is none.
   */
  toPort(port: AddressPort): Promise<Connection>;
  /**
   * One bounded exchange, for webhooks, conversion and discovery: the whole answer, whatever its status; redirections are answers too.
   * Throws a `DialError` whose message names method and URL (`Post "https://svc.ns.svc:443/path?timeout=10s": context deadline exceeded`), also
   * where the Service cannot be resolved; rejects with `ctx.signal.reason` when aborted. A connection that turns out to be closed is replaced.
   */
  call(target: CallTarget, request: CallRequest, ctx: Context): Promise<CallAnswer>;
}

export type CallTarget = Trust &
  (
    | { readonly service: Pick<ServicePort, 'namespace' | 'name' | 'port'> }
    /** With scheme and host; `https` unless somebody says otherwise. Any address: who configures it is trusted with the whole cluster. */
    | { readonly url: string }
  );

export interface CallRequest {
  readonly method: string;
  /** After the host, with the query. Of a URL that is called it replaces path and query. `/`, or the URL's own, unless given. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** For all of it: resolving, connecting, handshake, answer to its last byte. */
  readonly timeout: Milliseconds;
  /** 3 MiB unless given. */
  readonly maxAnswerBytes?: number;
}

export interface CallAnswer {
  readonly status: number;
  /** Lower-case names; lines of the same name joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

type Ref = { readonly group: string; readonly resource: string };

/** What is read of the cluster; the API server's own reader is one. */
export interface ClusterReader {
  get<T extends KubeObject>(ref: Ref, key: string): T | undefined;
  list<T extends KubeObject>(ref: Ref, namespace?: string): readonly T[];
  fetch<T extends KubeObject>(ref: Ref, key: string, ctx: Context): Promise<T | undefined>;
}
