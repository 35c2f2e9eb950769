import type { Context } from '@kubernest/kit';
import type { KubeObject, ResourceRef } from '@kubernest/meta';
import type { UserInfo } from './request.ts';

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
