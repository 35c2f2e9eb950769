import {
  CompactedError,
  FencedError,
  StoreFullError,
  StoreUnavailableError,
  TooLargeError,
} from '@kubernest/store/contract';

/** Asked of a revision that etcd no longer has, or does not have yet. */
export class LostRevisionError extends Error {}

/** The lease ran out before the write that was to use it: nothing was written. */
export class LeaseGoneError extends StoreUnavailableError {}

const ours = [
  CompactedError,
  FencedError,
  TypeError,
  TooLargeError,
  StoreFullError,
  StoreUnavailableError,
  LostRevisionError,
];

/** etcd's words, which are all that its client hands on, as the contract's errors. */
export function faultOf(error: unknown): Error {
  if (ours.some((kind) => error instanceof kind)) return error as Error;
  const message = error instanceof Error ? error.message : String(error);
  if (/required revision (has been compacted|is a future revision)/.test(message))
    return new LostRevisionError(message);
  if (/database space exceeded/.test(message))
    return new StoreFullError(`etcd has no room: ${message}: compact, defragment, disarm its alarm`, { cause: error });
  if (/request is too large|larger than max/.test(message))
    return new TooLargeError(`etcd refuses the size of a request: ${message}`, { cause: error });
  if (/too many operations/.test(message))
    return new TypeError(`etcd refuses a request: ${message}: raise its --max-txn-ops`, { cause: error });
  if (/requested lease not found/.test(message)) return new LeaseGoneError(`etcd: ${message}`, { cause: error });
  return new StoreUnavailableError(`etcd: ${message}`, { cause: error });
}
