import type { BodyType, FindBodyType, ResourceDefinition } from '@kubernest/definitions';
import type { Context, Metrics, Milliseconds, Runnable } from '@kubernest/kit';
import type { Store } from '@kubernest/store/contract';
import type { AdmissionPlugin } from './admission.ts';
import type { Catalog } from './catalog/catalog.ts';
import type { Delegate } from './delegate.ts';
import type { ObjectReader, ObjectWriter } from './object-access.ts';
import type { ProtobufCodec } from './protobuf-codec.ts';

import type { ApiRequest, ApiResponse, RequestInfo, UserInfo } from './request.ts';
import type { Authenticator, Authorizer } from './security.ts';
import type { Subresource, VirtualResource } from './subresource.ts';

/** What an API server is made of, in the order in which it is: each factory is given what is there by then. */
export interface ApiServerParts {
  readonly store: Store;
  /** One for each API server. */
  readonly catalog: Catalog;
  /** What OpenAPI says of subresources and options that are of no kind in the catalog. */
  readonly findBodyType: FindBodyType;
  readonly authenticators: (core: StoredObjects) => readonly Authenticator[];
  readonly authorizers: (core: StoredObjects) => readonly Authorizer[];
  readonly admission: (core: StoredObjects & Security) => readonly AdmissionPlugin[];
  readonly subresources: (core: ApiCore) => readonly Subresource[];
  readonly virtual: (core: ApiCore) => readonly VirtualResource[];
  readonly version: { readonly gitVersion: string; readonly major: string; readonly minor: string };
  /** Told of every request once it is answered (for a watch: once it has begun). Must not throw; absent: nobody listens. */
  readonly audit?: (event: AuditEvent) => void;
  /** Where the server counts watches and what they are sent; absent: nowhere. */
  readonly metrics?: Metrics;
  /** Kubernetes' own where not given. */
  readonly limits?: Partial<RequestLimits>;
  /** Documents that no kind makes: `/metrics`, `/.well-known/openid-configuration`, `/openid/v1/jwks`. By exact path or by a prefix that ends in `/`. */
  readonly documents?: (
    core: ApiCore,
  ) => Readonly<Record<string, (request: ApiRequest, ctx: Context) => Promise<ApiResponse> | ApiResponse>>;
  /** For group-versions that other servers answer; without, all are this server's. */
  readonly delegate?: (core: ApiCore) => Delegate;
  /** Kubernetes' protobuf; that of the kinds library unless given. */
  readonly protobuf?: ProtobufCodec;
  /** The thread that reads large bodies; without, they are read here and keep others waiting. */
  readonly bodyWorker?: BodyWorker | undefined;
  /** What is kept of each resource for watches that begin in the past; 10,000 events or 32 MiB unless given. */
  readonly history?: Partial<HistoryLimits>;
}

export interface BodyWorker {
  /** Calls `runBodyWorker` with what it knows. */
  readonly program: URL;
  /** Bodies of anything else that nobody declared are read by the API server itself. */
  readonly knows: readonly (ResourceDefinition | BodyType)[];
}

/**
 * What one API server works on at once, and for how long. Requests meant to last (watches, exec, logs, proxies) are in none of these; those
 * of the control plane within this process have as many places of their own.
 */
export interface RequestLimits {
  /** Requests that read, at once; 400 unless given, 0: any number. One more is refused with 429, but for members of `system:masters`. */
  readonly readOnlyInFlight: number;
  /** Requests that change something, at once; 200 unless given. */
  readonly mutatingInFlight: number;
  /** After that a request is answered with 504; 60 s unless given. `?timeout=` may ask for less. */
  readonly timeout: Milliseconds;
}

export interface HistoryLimits {
  readonly events: number;
  /** Of the stored JSON of what the events left behind: large objects would fill the memory long before there are many. */
  readonly bytes: number;
}

/** Who asked what, and how it ended. */
export interface AuditEvent {
  readonly user: UserInfo;
  /** Who really asked, when `user` was impersonated. */
  readonly impersonatedBy?: UserInfo;
  readonly info: RequestInfo;
  readonly userAgent: string;
  readonly sourceAddress: string;
  readonly receivedAt: Date;
  readonly code: number;
  /** It came as far as what answers it here. What one names that was refused before, or is another server's, may be made up. */
  readonly routed: boolean;
  /** Ended by a limit of the server's (in flight, deadline), not by what answers it. */
  readonly terminated: boolean;
  /** It was to have no effect. */
  readonly dryRun: boolean;
  /** A patch that says what its sender wants of the object, and not what to change. */
  readonly applies: boolean;
  /** What admission said of it. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What is there before anybody is let in. */
export interface StoredObjects {
  readonly read: ObjectReader;
  readonly store: Store;
}

/** Who somebody is, and what they may do. */
export interface Security {
  /** Every check of `authorizers`, for access reviews and escalation checks. */
  authorize: Authorizer['authorize'];
  rulesFor: NonNullable<Authorizer['rulesFor']>;
  /** The authenticators alone, for TokenReview. */
  authenticate: Authenticator['authenticate'];
}

/** What plugins may use of the engine. Those of admission do not write: the writer asks them. */
export interface ApiCore extends StoredObjects, Security {
  readonly write: ObjectWriter;
  /** The most requests that were worked on at once in the last second. */
  inFlight(now: Date): { readonly readOnly: number; readonly mutating: number };
}

/**
 * The whole of `/api`, `/apis`, `/openapi`, `/version`, `/healthz`, `/readyz`, `/livez`, `/metrics` behind TLS. `start` resolves once
 * the watch cache has everything and a request would be answered. Knows no HTTP server: a listener hands in `ApiRequest`s.
 */
export interface ApiServer extends Runnable {
  readonly core: ApiCore;
  /** What it serves; changes of it take effect at once. */
  readonly catalog: Catalog;
  /** Never rejects: what goes wrong becomes a Status answer. Aborting `ctx` ends a stream or watch. */
  handle(request: ApiRequest, ctx: Context): Promise<ApiResponse>;
}
