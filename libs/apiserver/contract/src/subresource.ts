import type { BodyType, Column, ResourceDefinition } from '@kubernest/definitions';
import type { Context } from '@kubernest/kit';
import type { KubeObject, ResourceRef, StatusError } from '@kubernest/meta';
import type { ObjectReader, ObjectWriter, WriteAs } from './object-access.ts';
import type { Expected } from './protobuf-codec.ts';
import type { ApiRequest, ApiResponse, RequestInfo, UserInfo } from './request.ts';

/** What is served below the objects of a kind: a part of each, or what answers by itself. A folder each. */
export type Subresource = PartSubresource | AnsweringSubresource;

interface ServedBelow {
  /** Of one resource (`{group: '', resource: 'pods'}`), or of every kind that this is true of. */
  readonly of: { readonly group: string; readonly resource: string } | ((definition: ResourceDefinition) => boolean);
  /** `log`, `exec`, `binding`, `token`, `scale`, `proxy`, `eviction` */
  readonly name: string;
  /** As discovery lists them: `get`, `create`, `update`, `patch`. */
  readonly verbs: readonly string[];
  readonly body?: BodyType;
  /** What `handle` encodes where that is neither the `body` nor, for want of one, the object that it lies below. */
  readonly answer?: BodyType;
  /** Where the answer may be a Table. */
  readonly columns?: (definition: ResourceDefinition) => readonly Column[];
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
}

/** Read, replaced, patched and applied as the object itself is, but no more of it is changed than a part. */
export interface PartSubresource extends ServedBelow {
  readonly part: ObjectPart;
  readonly handle?: undefined;
}

export interface ObjectPart {
  /** Nothing of its metadata is a part of it. */
  readonly leavesMetadata?: boolean;
  /** Puts back into the draft what is not for it to change: once admission has mutated it, and who owns what is known. `stored` is frozen. */
  prepare(draft: KubeObject, stored: KubeObject, now: Date): void;
}

export interface AnsweringSubresource extends ServedBelow {
  readonly part?: undefined;
  /** Authentication, authorization and RequestInfo are done, and who is to be answered takes the answer. Admission is asked by the writer, or by `admit` where the body is not what is stored. */
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
  /** Takes the body for a patch of objects of `type`; it is read once there is one to patch. */
  patching<T extends KubeObject>(type: Expected): Promise<Patching<T>>;
  /** Encodes in what the client accepts. */
  encode(status: number, object: KubeObject): Promise<ApiResponse>;
  readonly writeAs: WriteAs;
  /**
   * Shows a body that is never stored (a TokenRequest) to the admission plugins, as its creation: they may change it in place, or throw to
   * refuse it. `check` are the rules of its kind: asked of what mutation made of it, and before validation. Resolves with what it returned.
   */
  admit<R>(body: KubeObject, check: () => R | Promise<R>, ctx: Context): Promise<R>;
}

export interface Patching<T extends KubeObject> {
  /** It is server-side apply: what is made says by itself who owns what, by what the given one says of it. */
  readonly isApply: boolean;
  /** Makes of an object, which stays as it is, the one that is asked for, and settles it. Throws 409 where it would take what others own. */
  of(base: T): T;
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
