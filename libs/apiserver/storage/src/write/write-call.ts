import type { CacheEntry } from '@kubernest/apiserver/codec';
import type { ObjectPart, RequestInfo, StandIn, UserInfo } from '@kubernest/apiserver/contract';
import type { Fence } from '@kubernest/store/contract';
import type { Resource } from '../catalog/resource.ts';
import type { DeleteOptions, WriteOptions } from './options.ts';

/** Who writes what, and how: everything about a write but the object. */
export interface WriteCall {
  readonly resource: Resource;
  readonly info: RequestInfo;
  readonly user: UserInfo;
  /** The request was let in as a creation of this kind. */
  readonly mayCreate: boolean;
  readonly fieldManager: string;
  readonly dryRun: boolean;
  /** Warns the writer; the same text twice is sent once. Absent where nobody listens. */
  readonly warn?: ((text: string) => void) | undefined;
  /** Adds to what the audit log says of the request. Absent where there is none. */
  readonly annotate?: ((key: string, value: string) => void) | undefined;
  readonly fence: Fence | undefined;
  /** Admission has seen what leads to this: nothing of it mutates or validates. */
  readonly isAdmitted?: boolean | undefined;
  /** Admission sees it in the place of the object. */
  readonly standIn?: StandIn | undefined;
  /** No more of the object is written than this. */
  readonly part?: ObjectPart | undefined;
  /** What is written is large: others get their turn between the steps. */
  readonly large?: boolean;
  /** As sent, without their kind. */
  readonly options: WriteOptions & DeleteOptions;
}

/** What a write left behind. */
export interface Written {
  /** The object as it now is (or was last), ready to be encoded. */
  readonly entry: CacheEntry;
  readonly created: boolean;
  /** It is gone. */
  readonly removed: boolean;
}
