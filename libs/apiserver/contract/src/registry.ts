import type { BodyType, Column, ResourceDefinition } from '@kubernest/definitions';
import type { Context } from '@kubernest/kit';
import type { KubeObject, ResourceRef, StatusError } from '@kubernest/meta';
import type { Expected } from './protobuf-codec.ts';
import type { ApiRequest, ApiResponse, RequestInfo, UserInfo } from './request.ts';

/**
 * Reads from this process' watch cache: at once, frozen, possibly a moment behind. For authorizers, admission, subresources. Objects come in
 * the version of that group in which they are stored, as they say themselves.
 */
export interface ObjectReader {
  get<T extends KubeObject = KubeObject>(
    ref: { readonly group: string; readonly resource: string },
    key: string,
  ): T | undefined;
  list<T extends KubeObject = KubeObject>(
    ref: { readonly group: string; readonly resource: string },
    namespace?: string,
  ): readonly T[];
  /** Called after each change has reached the cache. Returns the unsubscribe. */
  subscribe(
    ref: { readonly group: string; readonly resource: string },
    onChange: (change: { readonly object: KubeObject | undefined; readonly old: KubeObject | undefined }) => void,
  ): () => void;
  /** Reads from the store what the cache may not have yet (linearizable). */
  fetch<T extends KubeObject = KubeObject>(
    ref: { readonly group: string; readonly resource: string },
    key: string,
    ctx: Context,
  ): Promise<T | undefined>;
}

/** Changes stored objects on the one write path (admission, defaults, managed fields, validation, compare-and-set with retry). */
export interface ObjectWriter {
  /** Reads, lets `change` edit a copy, writes; again when somebody was faster (unless `resourceVersion` was demanded by it). Returning false writes nothing. */
  modify(
    target: {
      readonly ref: ResourceRef;
      readonly namespace?: string;
      readonly name: string;
      readonly subresource: string;
      /** What changes is not what somebody wishes: no new generation. */
      readonly keepsGeneration?: boolean;
    },
    by: WriteAs,
    change: (draft: KubeObject) => unknown,
    ctx: Context,
  ): Promise<KubeObject>;
  create(object: KubeObject, ref: ResourceRef, by: WriteAs, ctx: Context): Promise<KubeObject>;
  /** Deletes as DELETE does: `options` are DeleteOptions. Resolves with the object as it is afterwards, or was last. */
  remove(
    target: { readonly ref: ResourceRef; readonly namespace?: string; readonly name: string },
    by: WriteAs,
    options: RemoveOptions,
    ctx: Context,
  ): Promise<KubeObject>;
}

/** DeleteOptions as they go over the wire. */
export interface RemoveOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export interface WriteAs {
  readonly user: UserInfo;
  readonly fieldManager: string;
  readonly dryRun: boolean;
  readonly fence?: { readonly key: string; readonly token: string };
}

/** A folder each. */
export interface Subresource {
  /** Of one resource (`{group: '', resource: 'pods'}`), or of every kind that this is true of. */
  readonly of: { readonly group: string; readonly resource: string } | ((definition: ResourceDefinition) => boolean);
  /** `log`, `exec`, `binding`, `token`, `scale`, `proxy`, `eviction` */
  readonly name: string;
  /** As discovery lists them: `get`, `create`, `update`, `patch`. */
  readonly verbs: readonly string[];
  readonly body?: BodyType;
  /** The kind of the options in its query, of whatever `connects`: `PodExecOptions`. */
  readonly options?: string;
  /** What a body is refused with that names another object than the path `name`s; a 400 with Kubernetes' words unless given. */
  readonly otherName?: (body: KubeObject, name: string) => StatusError;
  /** A body that says no name means the object of the path; else it must say the same name. */
  readonly mayOmitName?: boolean;
  /**
   * Set where the answer is a connection to a pod, a node or a Service: admission's `connect` then sees the call before `handle` does.
   * A `session` acts inside a container: compat: since 1.35 who opens one needs `create`, even where the method says `get`.
   */
  readonly connects?: 'session' | 'proxy';
  /** Authentication, authorization and RequestInfo are done. Admission of what it writes is the writer's. */
  handle(call: SubresourceCall, ctx: Context): Promise<ApiResponse>;
}

/** Whether a subresource is one of this kind. */
export const isOf = ({ of }: Pick<Subresource, 'of'>, definition: ResourceDefinition): boolean =>
  typeof of === 'function' ? of(definition) : of.group === definition.group && of.resource === definition.plural;

export interface SubresourceCall {
  readonly request: ApiRequest;
  readonly info: RequestInfo;
  readonly user: UserInfo;
  readonly definition: ResourceDefinition;
  readonly read: ObjectReader;
  readonly write: ObjectWriter;
  /** Decodes the body (JSON, YAML or protobuf) as `type`, honouring fieldValidation, and settles it: fills in the namespace of the path; throws 400 for an object of another namespace or name, or of none. */
  decode<T extends KubeObject>(type: Expected): Promise<T>;
  /** Reads the body as a patch: what is returned makes of an object, which stays as it is, the one that is asked for, as `type`, and settles it. An applied configuration is merged as `applied` says. */
  patching<T extends KubeObject>(type: Expected, applied: 'merge' | 'strategic'): Promise<(base: T) => T>;
  /** Encodes in what the client accepts. `columns`: where that may be a Table. */
  encode(status: number, object: KubeObject, columns?: readonly Column[]): Promise<ApiResponse>;
  readonly writeAs: WriteAs;
  /** Shows a body that is never stored (a TokenRequest) to the admission plugins, as its creation: they may change it in place, or throw to refuse it. */
  admit(body: KubeObject, ctx: Context): Promise<void>;
}

/** Answers creates of kinds that are never stored (TokenReview, SubjectAccessReview …): fills in and returns the object. */
export interface VirtualResource {
  readonly ref: ResourceRef;
  answer(
    object: KubeObject,
    call: Omit<SubresourceCall, 'decode' | 'patching' | 'encode' | 'admit'>,
    ctx: Context,
  ): Promise<KubeObject>;
}
