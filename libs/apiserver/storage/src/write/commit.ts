import {
  breathe,
  CacheEntry,
  orderedBytesInSteps,
  paced,
  spliceVersion,
  stringifyOrdered,
  tooLargeForStore,
} from '@kubernest/apiserver/codec';
import type { AdmissionCall, Joined, StoredNote } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import { conflict, type KubeObject, type StatusError, tooManyRequests, unavailable } from '@kubernest/meta';
import {
  type CommitResult,
  type Condition,
  type Entry,
  FencedError,
  StoreBusyError,
  StoreFullError,
  StoreUnavailableError,
  TooLargeError,
  type Write,
} from '@kubernest/store/contract';
import { cacheOf, type Engine, type WriteEngine } from '../engine.ts';
import { asStored } from './as-stored.ts';
import { withDroppedStatus } from './dropped-status.ts';
import { settle } from './settle.ts';
import { mustTakeNew } from './takes-new.ts';
import type { WriteCall } from './write-call.ts';

const JOIN_ATTEMPTS = 20;
const noValue = { value: undefined, view: undefined } as const;

export interface CommitOrder {
  readonly call: WriteCall;
  readonly key: string;
  /** The key's revision must be this; 0: it must not exist. */
  readonly revision: number;
  /** Absent when the key is deleted. */
  readonly object: KubeObject | undefined;
  /** What is deleted, where it goes just as it was stored. */
  readonly last?: CacheEntry | undefined;
  readonly admissionCall: AdmissionCall;
}

export type Committed =
  | { readonly ok: true; readonly entry: CacheEntry }
  | { readonly ok: false; readonly present: Entry | undefined };

/** Writes the object and what admission adds to it in one transaction. Each attempt may still change the object (an allocated address), and is validated. */
export async function commitObject(engine: WriteEngine, order: CommitOrder, ctx: Context): Promise<Committed> {
  const { call, key, admissionCall } = order;
  for (let attempt = 0; attempt < JOIN_ATTEMPTS; attempt++) {
    const joined = await settle(engine, order, ctx);
    const { result, value, view } = await tried(engine, order, joined, ctx).catch((error: unknown) => {
      joined?.lost?.();
      throw error;
    });
    if (call.large) await breathe();
    if (result.ok) {
      joined?.committed?.();
      return { ok: true, entry: await committedEntry(engine, order, { value, view, revision: result.revision }) };
    }
    joined?.lost?.();
    const own = result.failed.find((failed) => failed.key === key);
    if (own) return { ok: false, present: own.entry };
  }
  throw conflict(
    { ...call.resource.subject, name: admissionCall.object?.metadata.name },
    'what it shares with other objects kept changing; please try again',
  );
}

async function tried(
  engine: WriteEngine,
  order: CommitOrder,
  joined: Joined | undefined,
  ctx: Context,
): Promise<Tried> {
  const { call, key, revision } = order;
  const isNew = revision === 0 && order.object !== undefined;
  const made = isNew ? withDroppedStatus(call, order.object) : order.object;
  const object = made instanceof Promise ? await made : made;
  const { value, view } = object ? await asStored(engine, call, { key, object }, ctx) : noValue;
  const write: Write = value
    ? { op: 'put', key, value, expiresInSeconds: call.resource.definition.ttlSeconds }
    : { op: 'delete', key };
  if (isNew) mustTakeNew(engine, call, order.object.metadata.name);
  const transaction = {
    conditions: [{ key, revision }, ...(joined ? conditionsOf(engine, joined) : [])],
    writes: [write, ...(joined?.notes ?? []).map(writeOf)],
    fence: call.fence,
  };
  return { result: await guarded(call, () => engine.store.commit(transaction, ctx)), value, view };
}

const writeOf = ({ key, text }: StoredNote): Write =>
  text === undefined ? { op: 'delete', key } : { op: 'put', key, value: Buffer.from(text) };

function conditionsOf({ resources, versions }: Engine, { notes = [], unchanged = [] }: Joined): readonly Condition[] {
  const absent = new Set(notes.flatMap(({ whileAbsent = [] }) => whileAbsent));
  const stands = unchanged.map(({ ref, object: { metadata } }): Condition => {
    const resource = resources.findAny(ref.group, ref.resource)!;
    return {
      key: resource.key(metadata.namespace, metadata.name!),
      revision: versions.parse(metadata.resourceVersion!),
    };
  });
  return [...[...absent].map((key): Condition => ({ key, revision: 0 })), ...stands];
}

interface Encoded {
  /** Absent when the key is deleted. */
  readonly value: Buffer | undefined;
  /** Where the writer's is another version. */
  readonly view: CacheEntry | undefined;
}

interface Tried extends Encoded {
  readonly result: CommitResult;
}

interface Stored extends Encoded {
  readonly revision: number;
}

/** What the cache made of it already, where the store's watch was faster than its answer. */
async function committedEntry(
  engine: Engine,
  order: CommitOrder,
  { value, view, revision }: Stored,
): Promise<CacheEntry> {
  const { call, key, last, admissionCall } = order;
  const cached = value && cacheOf(engine, call.resource).get(key);
  const version = engine.versions.format(revision);
  if (view) {
    const shown = view.under(revision, version);
    if (cached?.revision === revision) engine.views.keepStored(cached, { view: shown, made: view });
    return shown;
  }
  if (cached?.revision === revision) return cached;
  if (!value && last) return last.under(revision, version);
  const bytes = value ? spliceVersion(value, version) : await orderedBytes(call, admissionCall.old!, version);
  const meta = (admissionCall.object ?? admissionCall.old)!.metadata;
  return new CacheEntry({ key, revision, bytes, namespace: meta.namespace ?? '', name: meta.name ?? '' });
}

/** The object's JSON as an answer shows it. */
export async function orderedBytes(call: WriteCall, object: KubeObject, version: string): Promise<Buffer> {
  if (call.large) return paced(orderedBytesInSteps(object, version));
  return Buffer.from(stringifyOrdered(object, version));
}

/** Faults of the store in the words of the wire. */
async function guarded<T>(call: WriteCall, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof FencedError) {
      const name = call.fence?.key.split('/').slice(3).join('/');
      throw conflict(
        { group: 'coordination.k8s.io', resource: 'leases', name },
        'another leader has taken over; this write came too late',
      );
    }
    throw storeFault(error, 'the outcome of this write is unknown, read before you repeat it') ?? error;
  }
}

/** `away`: what it means to the caller that the store is not there. */
export function storeFault(error: unknown, away: string): StatusError | undefined {
  if (error instanceof TooLargeError) return tooLargeForStore();
  if (error instanceof StoreFullError)
    return unavailable('the disk of the store is full: nothing was written; free some space and try again');
  if (error instanceof StoreBusyError)
    return tooManyRequests('too many writes wait for the store: nothing was written; please try again later', 1);
  if (error instanceof StoreUnavailableError) return unavailable(`the store is not available; ${away}`);
  return undefined;
}
