import type { CommitResult, Entry, StoreEvent, Transaction } from '@kubernest/store/contract';
import { FencedError } from '@kubernest/store/contract';
import type { Request, WireEntries, WireOutcome, WireTransaction } from './protocol.ts';

/** Packs transactions into one message with one buffer that moves without a copy. */
export function packCommit(transactions: readonly Transaction[], now: number): Extract<Request, { kind: 'commit' }> {
  let bytes = 0;
  for (const { writes } of transactions)
    for (const write of writes) if (write.op === 'put') bytes += write.value.byteLength;
  const values = new Uint8Array(bytes);
  let offset = 0;
  const packed = transactions.map(
    ({ conditions, writes, fence }): WireTransaction => ({
      conditions: conditions.map(({ key, revision }) => ({ key, revision })),
      fence: fence && { key: fence.key, token: fence.token },
      writes: writes.map((write) => {
        if (write.op === 'delete') return { key: write.key, size: -1 };
        values.set(write.value, offset);
        offset += write.value.byteLength;
        const { key, value, expiresInSeconds } = write;
        return expiresInSeconds === undefined
          ? { key, size: value.byteLength }
          : { key, size: value.byteLength, expiresInSeconds };
      }),
    }),
  );
  return { kind: 'commit', now, transactions: packed, values };
}

export function unpackEntries({ keys, revisions, created, sizes, values }: WireEntries): Entry[] {
  let offset = 0;
  return keys.map((key, i) => {
    const value = values.subarray(offset, offset + sizes[i]!);
    offset += sizes[i]!;
    return { key, value, revision: revisions[i]!, createRevision: created[i]! };
  });
}

export function unpackEvents(columns: WireEntries): StoreEvent[] {
  return unpackEntries(columns).map((entry) =>
    entry.createRevision === 0 ? { type: 'delete', key: entry.key, revision: entry.revision } : { type: 'put', entry },
  );
}

/** What the caller of `commit` is told. Throws `FencedError`. */
export function resultOf(outcome: WireOutcome, transaction: Transaction): CommitResult {
  if (outcome.kind === 'ok') return { ok: true, revision: outcome.revision };
  if (outcome.kind === 'fenced') {
    const { key, token } = transaction.fence!;
    throw new FencedError(`${key} holds ${outcome.found ?? 'nothing'}, not ${token}: another leader has taken over`);
  }
  const failed = unpackEntries(outcome.entries).map((entry) => ({
    key: entry.key,
    entry: entry.createRevision === 0 ? undefined : entry,
  }));
  return { ok: false, failed, revision: outcome.revision };
}

/** The events of a transaction, made from what the caller gave: no byte comes back from the worker. */
export function eventsOf(outcome: WireOutcome, { writes }: Transaction): StoreEvent[] {
  if (outcome.kind !== 'ok') return [];
  const { revision, created } = outcome;
  return writes.flatMap((write, i): StoreEvent[] => {
    if (created[i] === 0) return [];
    if (write.op === 'delete') return [{ type: 'delete', key: write.key, revision }];
    return [{ type: 'put', entry: { key: write.key, value: write.value, revision, createRevision: created[i]! } }];
  });
}
