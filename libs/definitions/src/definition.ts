import type { FieldError, KubeObject, Schema, Steps, StructSchema } from '@kubernest/meta';
import type { CustomSchema } from './custom-schema.ts';

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

/** One column of `kubectl get`. Priority 0 is always shown, 1 with `-o wide`. */
export interface Column<T = KubeObject> {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date' | 'boolean' | 'number';
  readonly format?: 'name';
  readonly description?: string;
  readonly priority?: number;
  /** The cell as kubectl prints it. `now` is for ages (`3m20s`, `5d`), which are strings in a Table. Of a text more than `MOST_CELL` letters are shown to nobody. */
  cell(object: T, now: Date): Cell;
  /** The same in steps. Absent where it takes no time. */
  making?(object: T, now: Date): Steps<Cell>;
}

export type Cell = string | number | bigint | boolean | null;

/** Of longer texts the beginning is shown. */
export const MOST_CELL = 4096;

/** What a writer may say of an object in its metadata. */
export const writersMetadata = ['labels', 'annotations', 'finalizers', 'ownerReferences'] as const;
export type WritersMetadata = (typeof writersMetadata)[number];

/** What validation may look at besides the object. */
export interface ValidationContext {
  /** '' for the main resource, else `status`, `scale`, … */
  readonly subresource: string;
  readonly now: Date;
  /** What is stored, when this is a change: for rules that hold for new objects only. */
  readonly old?: KubeObject;
}

/** Who asks, for kinds that write it down. */
export interface Requester {
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** Since which version of Kubernetes people should use something else, or what they are told instead. */
export type Deprecation =
  | { readonly since: string; readonly replacement?: { readonly apiVersion: string; readonly kind: string } }
  | { readonly warning: string };

/**
 * A resource as data: all that the generic engine needs to serve a kind. A CRD becomes one of these at run time and nothing
 * downstream can tell. Where a kind differs from others, the difference is a fact here, never a branch in the engine.
 * Every function is pure; those that take `draft` change it in place (the engine owns that copy).
 */
export interface ResourceDefinition<T extends KubeObject = KubeObject> {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Plural, lower case. */
  readonly plural: string;
  readonly singular: string;
  /** `<kind>List` unless given. */
  readonly listKind?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly namespaced: boolean;
  readonly schema: StructSchema;
  /** What clients may do. `[]` with `create` only for virtual resources (access reviews). */
  readonly verbs: readonly Verb[];
  /** Why nothing new of this kind is made, whichever verb asks for it. What there is can be changed, and goes. */
  readonly takesNoNew?: string;
  /**
   * Where objects live: `/registry/<storage.group>/<storage.plural>/[namespace/]name`. Absent: this definition's own group and plural.
   * Two versions or groups of one kind share a storage and convert (events: `''` and `events.k8s.io`).
   */
  readonly storage?: {
    readonly group: string;
    readonly plural: string;
    /** In which version (`group/version`) objects are stored from now on. What was stored before may lie in another. */
    readonly apiVersion: string;
    /** All versions (`group/version`) that are declared, served or not; absent: what is served is all. */
    readonly versions?: readonly string[];
    /**
     * `objects` in the version `to`: in their order, each with the identity it had. They are frozen, and each says itself which of the
     * versions it is in; what comes back may share parts with them. A promise where that takes time: then it may fail, and is waited for
     * 30 s. What it rejects with is told to the client in its own words. `signal`: aborts once all who asked are gone.
     */
    convert(
      objects: readonly KubeObject[],
      to: string,
      signal?: AbortSignal,
    ): readonly KubeObject[] | Promise<readonly KubeObject[]>;
    /**
     * An object in a version of this definition as that version has it: without fields that it does not know; `isStored`: it lies in the
     * store or will, and gets the defaults that it lacks. Frozen, its own where it differs. Absent: every object is.
     */
    asDeclared?(object: KubeObject, isStored: boolean): Steps<KubeObject>;
    /**
     * The resource version up to which objects were written before this definition: they may lack defaults that came with it and have fields that
     * went, and are converted even in their own version. Absent: no definition came before it.
     */
    readonly since?: string;
  };
  /** Never stored: `create` is answered by a subresource-like handler (TokenReview, SubjectAccessReview). */
  readonly virtual?: boolean;
  /** `status` is written only through /status and everything else only through the main resource. */
  readonly statusSubresource?: boolean;
  /** Metadata that a write of the status leaves as it was; the rest of what a writer may say of an object is written with it. */
  readonly statusKeeps?: readonly WritersMetadata[];
  /** A status sent with create is dropped, unless the kind says that it is kept (a kubelet registers its Node with one). */
  readonly statusOnCreate?: 'kept';
  /** Where /scale reads and writes, as dotted paths. */
  readonly scale?: { readonly specReplicas: string; readonly statusReplicas: string; readonly selector?: string };
  /** `metadata.generation` starts at 1 and rises when anything but metadata and, where it has a subresource of its own, the status changed. */
  readonly tracksGeneration?: boolean;
  /** Delete takes a grace period: pods are marked and removed by the kubelet with grace 0. Seconds to wait for this object when not said in the options. */
  gracePeriodSeconds?(object: T): number | undefined;
  /** What goes at once is answered by the object as it was last, and not by a Status. */
  readonly deleteShowsObject?: boolean;
  /** Stored with this life and then gone (events: 3600). */
  readonly ttlSeconds?: number;
  /** May a PUT to a missing name create it? (leases and events) */
  readonly allowCreateOnUpdate?: boolean;
  /** May an update leave metadata.resourceVersion out? True for nearly every built-in kind. */
  readonly allowUnconditionalUpdate?: boolean;
  /** Which form a name must have; 'subdomain' unless given. */
  readonly nameFormat?: 'subdomain' | 'label' | 'pathSegment';
  /** compat: finalizers need no domain before a slash; so it is with custom kinds, and with definitions of them, whose own has none. */
  readonly freeFinalizers?: boolean;
  /** Fields that a field selector may ask for besides metadata.name and metadata.namespace. */
  readonly selectableFields?: Readonly<Record<string, (object: T) => string>>;
  /** Drops or fixes what a client may not set on create, and sets the status an object begins with. Runs on the defaulted object, after admission. */
  prepareForCreate?(draft: KubeObject): void;
  /** Same for update; `old` is what is stored. */
  prepareForUpdate?(draft: KubeObject, old: T): void;
  /** Puts back what even a writer of `status` may not take away; `old` is what is stored. */
  prepareForStatusUpdate?(draft: KubeObject, old: T, context: ValidationContext): void;
  /** Writes down who creates the object, whatever was sent. Runs after mutating admission, before `prepareForCreate`. */
  recordRequester?(draft: KubeObject, requester: Requester): void;
  /** Paths that writers never own in managed fields, by subresource ('': the main resource), beside the usual ones. */
  readonly neverOwned?: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** Marks an object whose deletion has been asked for and which stays a while (phase Terminating). Called with each such write. */
  prepareForDelete?(draft: KubeObject): void;
  /** Something besides `metadata.finalizers` keeps a deleted object from going (a namespace's `spec.finalizers`). */
  isHeld?(object: T): boolean;
  /** Defaults that are not plain constants in the schema. Idempotent. */
  defaults?(draft: KubeObject): void;
  /**
   * Of custom kinds: their objects must fit the schema. compat: of built-in kinds Kubernetes checks only what their own rules say, and much
   * that their schema requires may well be left out.
   */
  readonly customSchema?: CustomSchema;
  /** Every fault, not the first. Runs on the defaulted object; metadata is checked by the engine. */
  validate?(object: T, ctx: ValidationContext): readonly FieldError[];
  /** Faults of a change beyond those of `validate` (immutable fields). */
  validateUpdate?(object: T, old: T, ctx: ValidationContext): readonly FieldError[];
  /** What people should know of an object that is fine: told with the answer to its writer, and nobody refused. Runs after validation, on create and update. */
  warnings?(object: T, ctx: ValidationContext): readonly string[];
  /** The same of what only shows before `prepareForCreate`. On create. */
  warningsAsSent?(draft: KubeObject): readonly string[];
  /** Told with every answer about this resource. */
  readonly deprecated?: Deprecation;
  /** Without: NAME and AGE. The engine puts neither in by itself when given. */
  readonly columns?: readonly Column<T>[];
  /** A full, valid object: used by the generic spec over every kind, and in docs. */
  readonly example: T;
}

/** A subresource's own body type (`autoscaling/v1 Scale`, `authentication.k8s.io/v1 TokenRequest`, `policy/v1 Eviction`, `v1 Binding`). */
export interface BodyType {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly schema: Schema;
}

/** The body type of a subresource or an option, if there is one. */
export type FindBodyType = (group: string, version: string, kind: string) => BodyType | undefined;
