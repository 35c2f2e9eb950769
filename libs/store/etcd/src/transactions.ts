import { type CommitResult, type Entry, FencedError, type Transaction, type Write } from '@kubernest/store/contract';
import type { ICompare, IKeyValue, IRequestOp, ITxnRequest, ITxnResponse } from 'etcd3';
import type { KeySpace } from './key-space.ts';
import type { Leases } from './leases.ts';
import { endOf, mainOf, revisionOf } from './revisions.ts';

/** Bytes as etcd gives them, as an entry of ours. */
export function entryOf(kv: IKeyValue, keys: KeySpace): Entry {
  const key = keys.decode(kv.key);
  return {
    key,
    value: kv.value,
    revision: revisionOf(kv.mod_revision, key),
    createRevision: revisionOf(kv.create_revision, key),
  };
}

export async function packTransaction(transaction: Transaction, keys: KeySpace, leases: Leases): Promise<ITxnRequest> {
  const { conditions, writes, fence } = transaction;
  const compare: ICompare[] = conditions.map(({ key, revision }) => ({
    key: keys.encode(key),
    target: 'Mod',
    result: 'Equal',
    mod_revision: etcdRevisionOf(key, revision),
  }));
  const failure: IRequestOp[] = conditions.map(({ key }) => ({ request_range: { key: keys.encode(key) } }));
  if (fence) {
    compare.push({ key: keys.encode(fence.key), target: 'Value', result: 'Equal', value: Buffer.from(fence.token) });
    failure.push({ request_range: { key: keys.encode(fence.key) } });
  }
  const success = await Promise.all(writes.map((write) => packWrite(write, keys, leases)));
  return { compare, success, failure };
}

/** What etcd calls the revision of a write of `key`: 0 when there is none, -1 for a number that no write of this key can have. */
function etcdRevisionOf(key: string, revision: number): number {
  if (revision === 0) return 0;
  const main = mainOf(revision);
  return main > 0 && revisionOf(main, key) === revision ? main : -1;
}

async function packWrite(write: Write, keys: KeySpace, leases: Leases): Promise<IRequestOp> {
  const key = keys.encode(write.key);
  if (write.op === 'delete') return { request_delete_range: { key } };
  const { buffer, byteOffset, byteLength } = write.value;
  const value = Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
  if (write.expiresInSeconds === undefined) return { request_put: { key, value } };
  return { request_put: { key, value, lease: await leases.grant(write.expiresInSeconds) } };
}

/** Several transactions as one: each keeps its own conditions, and one that is refused harms no other. */
export function packGroup(requests: readonly ITxnRequest[]): ITxnRequest {
  if (requests.length === 1) return requests[0]!;
  return { success: requests.map((request) => ({ request_txn: request })) };
}

/** The answer to `packGroup`, one for each of its transactions. */
export function unpackGroup(response: ITxnResponse, size: number): readonly ITxnResponse[] {
  if (size === 1) return [response];
  return response.responses.map(({ response_txn }) => ({ ...response_txn, header: response.header }));
}

/** What the caller of `commit` is told. Throws `FencedError`. */
export function unpackResult(response: ITxnResponse, transaction: Transaction, keys: KeySpace): CommitResult {
  const { conditions, writes, fence } = transaction;
  const { revision } = response.header;
  if (response.succeeded)
    return { ok: true, revision: writes[0] ? revisionOf(revision, writes[0].key) : endOf(revision) };
  const found = response.responses.map(({ response_range }) => response_range.kvs[0]);
  if (fence) {
    const token = found[conditions.length]?.value.toString();
    if (token !== fence.token)
      throw new FencedError(
        `${fence.key} holds ${token ?? 'nothing'}, not ${fence.token}: another leader has taken over`,
      );
  }
  const failed = conditions.flatMap(({ key, revision: expected }, i) => {
    const kv = found[i];
    const entry = kv && entryOf(kv, keys);
    return (entry?.revision ?? 0) === expected ? [] : [{ key, entry }];
  });
  return { ok: false, failed, revision: endOf(revision) };
}
