import type { ResourceDefinition } from '@kubernest/kinds';
import type { Context } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';
import type { Condition, Write } from '@kubernest/store/contract';
import type { ObjectReader } from './registry.ts';
import type { RequestInfo, UserInfo } from './request.ts';

export type AdmissionOperation = 'create' | 'update' | 'delete' | 'connect';

/** One object about to be written. */
export interface AdmissionCall {
  readonly operation: AdmissionOperation;
  readonly user: UserInfo;
  readonly info: RequestInfo;
  readonly definition: ResourceDefinition;
  /** `mutate` may change it in place; undefined on delete. For subresources with an own body (binding) that body. */
  readonly object: KubeObject | undefined;
  /** What is stored; undefined on create. Frozen. */
  readonly old: KubeObject | undefined;
  /** CreateOptions, UpdateOptions or DeleteOptions. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly dryRun: boolean;
}

/**
 * A rule at the door. The chain filters by `sees`, so none begins with an `if`. Order of the list is the order of the calls: all
 * `mutate`, then defaults, managed fields and validation, then all `validate`, then all `joins`. Refusing is throwing a StatusError (`forbidden`).
 */
export interface AdmissionPlugin {
  readonly name: string;
  readonly sees: {
    /** `['pods']`, `['*']`; group-qualified `deployments.apps` where two groups share a plural. */
    readonly resources: readonly string[];
    /** '' is the main resource; `['*']` all. Main resource only unless given. */
    readonly subresources?: readonly string[];
    readonly on: readonly AdmissionOperation[];
  };
  mutate?(call: AdmissionCall, read: ObjectReader, ctx: Context): void | Promise<void>;
  validate?(call: AdmissionCall, read: ObjectReader, ctx: Context): void | Promise<void>;
  /** Adds to the object's own store transaction (allocations, quota use). May change `call.object` (the allocated IP). Asked on a dry run of creating and changing too, for what it refuses; what it adds is dropped then. */
  joins?(call: AdmissionCall, read: ObjectReader, ctx: Context): Joined | undefined | Promise<Joined | undefined>;
}

interface GroupResource {
  readonly group: string;
  readonly resource: string;
}

export interface Joined {
  readonly conditions: readonly Condition[];
  readonly writes: readonly Write[];
  /** Objects as they were read, that must still be stored like that. */
  readonly unchanged?: readonly { readonly ref: GroupResource; readonly object: KubeObject }[];
  /** One of `conditions` or `unchanged` did not hold: `joins` is asked again (at most 20 times), told by this. */
  lost?(): void;
  /** The transaction was committed. */
  committed?(): void;
}
