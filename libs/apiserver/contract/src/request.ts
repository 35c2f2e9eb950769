import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Context } from '@kubernest/kit';
import type { FieldRequirement, KubeObject, WatchEvent } from '@kubernest/meta';

/** Who is asking. */
export interface UserInfo {
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export interface PeerCertificate {
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly fingerprint: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** What is known of the other end of the connection before any header is believed. */
export interface Peer {
  readonly address: string;
  /** A client certificate that our CA signed; absent when there was none or it did not verify. It was valid when the connection began. */
  readonly certificate?: PeerCertificate;
  /** The same by the authority of front proxies: it says who may speak for others and is nobody's own. `certificateRefused` is set beside it. */
  readonly frontProxy?: PeerCertificate;
  /** A client certificate was shown that proves nothing: whoever shows one is no stranger but mistaken. */
  readonly certificateRefused?: boolean;
  /** Set by the loopback transport alone: this identity is taken as proven. Authorization, admission and audit still run. */
  readonly loopback?: UserInfo;
  /**
   * Set with `loopback` for a component of the control plane, which has places of its own among the requests in flight. Never for what is
   * asked on behalf of somebody outside.
   */
  readonly controlPlane?: boolean;
}

/** A request right after TLS. The HTTP listener and the loopback transport both make these. */
export interface ApiRequest {
  readonly method: string;
  /** Without query, as sent (percent-encoded). */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The query as sent, with its question mark, for proxies that pass it on byte for byte. Absent: what `query` says. */
  readonly search?: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly peer: Peer;
  /** Reads the whole body once; throws `tooLarge` above the limit (3 MiB). */
  body(): Promise<Uint8Array>;
  /** For upgrades (exec, attach, port-forward, proxy): the raw socket. Absent on ordinary requests. */
  readonly upgrade?: { readonly request: IncomingMessage; readonly socket: Duplex; readonly head: Buffer };
  /** The original HTTP request where there is one, for proxies that pass the body through. */
  readonly http?: IncomingMessage;
  /** Absent where an answer is taken as soon as it is given. */
  readonly taker?: AnswerTaker | undefined;
  /** Loopback callers that want frozen objects from the cache instead of bytes. */
  readonly wantsObjects?: boolean;
}

/** Whoever takes the answer to a request bit by bit, as a slow reader does. */
export interface AnswerTaker {
  /** Calls `done` once the answer has been written or its reader is gone; at once when it is so already. */
  onOver(done: () => void): void;
  /** Ends the answer as far as it has come. */
  breakOff(): void;
}

export type ApiResponse =
  | BytesResponse
  | PiecesResponse
  | ObjectResponse
  | StreamResponse
  | WatchResponse
  | UpgradedResponse;

export interface BytesResponse {
  readonly kind: 'bytes';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Written one after the other; total length is known. */
  readonly body: readonly Uint8Array[];
  /** To be called once nobody reads `body` any more, as its memory is used again. Need not be called. */
  readonly sent?: () => void;
}
/** A large answer that is never in memory as a whole. */
export interface PiecesResponse {
  readonly kind: 'pieces';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Of all together, in bytes, where that is known beforehand. */
  readonly length?: number;
  /** To be taken once. Each is made when it is taken, between other things, and is valid until the next is. */
  readonly pieces: AsyncIterable<Uint8Array>;
}
/** Only when `wantsObjects`: the answer as (frozen) object. */
export interface ObjectResponse {
  readonly kind: 'object';
  readonly status: number;
  readonly object: unknown;
}
/** Bytes that keep coming (logs, proxies). `run` resolves when the stream has ended; back-pressure through the promise of `write`. */
export interface StreamResponse {
  readonly kind: 'stream';
  readonly status: number;
  /** A list: a line each, as cookies need it. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  run(sink: ByteSink, ctx: Context): Promise<void>;
  /** What follows the bytes; asked for once `run` has resolved. Lost where a content length was sent. */
  readonly trailers?: () => Readonly<Record<string, string | readonly string[]>>;
}
/** A watch. The listener gives a `WatchSink`; the engine writes until either side ends. */
export interface WatchResponse {
  readonly kind: 'watch';
  readonly status: 200;
  readonly headers: Readonly<Record<string, string>>;
  run(sink: WatchSink, ctx: Context): Promise<void>;
}
/** The subresource took the socket over. */
export interface UpgradedResponse {
  readonly kind: 'upgraded';
}

export interface ByteSink {
  /** Resolves when the bytes were handed on; rejects when the other end is gone. */
  write(bytes: Uint8Array): Promise<void>;
}
export interface WatchSink {
  /** Never waits. Returns false when the watcher is too slow (more than the listener's limit is queued): the engine then ends this watch. */
  writeBytes?(bytes: Uint8Array): boolean;
  /** Set instead of `writeBytes` by callers that want objects. */
  writeEvents?(events: readonly WatchEvent<KubeObject>[]): boolean;
  /** Resolves when what was written has left: lets the initial events of a large watch wait. Absent: no need to. */
  drained?(): Promise<void>;
}

/** A request's meaning, parsed from method and path (facts: Kubernetes' request info). */
export interface RequestInfo {
  readonly isResource: boolean;
  /** get list watch create update patch delete deletecollection; for non-resource paths the lower-case method. */
  readonly verb: string;
  readonly path: string;
  readonly group: string;
  readonly version: string;
  readonly namespace: string | undefined;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string | undefined;
  /** The path itself says the verb, as `/watch/` before the resource. */
  readonly verbInPath?: boolean;
  /** The path itself says the name. Absent: there is none, or a field selector pins it. */
  readonly named?: boolean;
  /** The path leads through a namespace to the resource; `/namespaces/x` alone is a Namespace by its name. */
  readonly inNamespace?: boolean;
  /**
   * Between two slashes of the path there is nothing where something other than a namespace should be named: it is authorized as it stands,
   * and not served, as some read such a path as another.
   */
  readonly hasEmptyPart?: boolean;
  /** What a list, watch or deletecollection is narrowed to: an authorizer may allow the narrow and refuse the wide. Absent when it cannot be read. */
  readonly fieldSelector?: readonly FieldRequirement[];
  /** Path segments after the subresource (proxy paths). */
  readonly rest: readonly string[];
}
