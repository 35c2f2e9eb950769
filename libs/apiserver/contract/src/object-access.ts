import type { BodyType, ResourceDefinition } from '@kubernest/definitions';
import type { Context } from '@kubernest/kit';
import type { KubeObject, ResourceRef } from '@kubernest/meta';
import type { RequestInfo, UserInfo } from './request.ts';

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
  /** How many `list` would give: nothing is decoded for it. */
  count(ref: { readonly group: string; readonly resource: string }): number;
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
  /** Reads, lets `change` edit a copy, writes; again when somebody was faster (unless `resourceVersion` was demanded by it). */
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
    change: Edit | StandIn,
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

/** Returning false writes nothing. */
export type Edit = (draft: KubeObject) => unknown;

/** An object of another kind by which the stored one is changed (a Scale), and which admission sees in its place. */
export interface StandIn {
  readonly kind: BodyType;
  /** The field that both have (`spec.replicas`), where it is owned by the same managers: in it, and in a version of the object, where it has one there. */
  readonly field: string;
  fieldIn(definition: ResourceDefinition): string | undefined;
  /** What is wanted says by itself who owns it (apply). Else what its writer changes is the writer's. */
  readonly isApplied: boolean;
  /** What is asked for, where this is stored; `standing` for it, with those who own the field. */
  wanted(standing: KubeObject, stored: KubeObject): KubeObject;
  /** Moves what it says, with what admission made of it, into the draft. Throws the refusal. */
  put(wanted: KubeObject, draft: KubeObject): void;
  /** What stands for an object. */
  of(object: KubeObject): KubeObject;
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
  /** What asks for just this write: admission is told of it. Absent: nobody does, the API server writes of its own accord. */
  readonly request?: WritingRequest;
  /** It follows from what admission has seen (a binding, an eviction): no plugin mutates or validates it, and nobody is warned of it. */
  readonly isAdmitted?: boolean;
}

/** What admission is told of a request, and how what it says gets to whoever asked and to the audit log. */
export interface WritingRequest {
  readonly info: RequestInfo;
  /** CreateOptions, UpdateOptions or DeleteOptions, without their kind. */
  readonly options: object;
  readonly warn?: ((text: string) => void) | undefined;
  readonly annotate?: ((key: string, value: string) => void) | undefined;
}
