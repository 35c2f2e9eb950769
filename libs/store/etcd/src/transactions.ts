import { type CommitResult, type Entry, FencedError, type Transaction, type Write } from '@kubernest/store/contract';
import type { ICompare, IKeyValue, IRequestOp, ITxnRequest, ITxnResponse } from 'etcd3';
import type { KeySpace } from './key-space.ts';
import type { Leases } from './leases.ts';

/** Bytes as etcd gives them, as an entry of ours. */
export function entryOf(kv: IKeyValue, keys: KeySpace): Entry {
  return {
    key: keys.decode(kv.key),
    value: kv.value,
    revision: Number(kv.mod_revision),
    createRevision: Number(kv.create_revision),
  };
}

export async function packTransaction(transaction: Transaction, keys: KeySpace, leases: Leases): Promise<ITxnRequest> {
  const { conditions, writes, fence } = transaction;
  const compare: ICompare[] = conditions.map(({ key, revision }) => ({
    key: keys.encode(key),
    target: 'Mod',
    result: 'Equal',
    mod_revision: revision,
  }));
  const failure: IRequestOp[] = conditions.map(({ key }) => ({ request_range: { key: keys.encode(key) } }));
  if (fence) {
    compare.push({ key: keys.encode(fence.key), target: 'Value', result: 'Equal', value: Buffer.from(fence.token) });
    failure.push({ request_range: { key: keys.encode(fence.key) } });
  }
  const success = await Promise.all(writes.map((write) => packWrite(write, keys, leases)));
  return { compare, success, failure };
}

async function packWrite(write: Write, keys: KeySpace, leases: Leases): Promise<IRequestOp> {
  const key = keys.encode(write.key);
  if (write.op === 'delete') return { request_delete_range: { key } };
  const { buffer, byteOffset, byteLength } = write.value;
  const value = Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
  if (write.expiresInSeconds === undefined) return { request_put: { key, value } };
  return { request_put: { key, value, lease: await leases.grant(write.expiresInSeconds) } };
}

/** What the caller of `commit` is told. Throws `FencedError`. */
export function unpackResult(response: ITxnResponse, transaction: Transaction, keys: KeySpace): CommitResult {
  const revision = Number(response.header.revision);
  if (response.succeeded) return { ok: true, revision };
  const { conditions, fence } = transaction;
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
    const differs = Number(kv?.mod_revision ?? 0) !== expected;
    return differs ? [{ key, entry: kv && entryOf(kv, keys) }] : [];
  });
  return { ok: false, failed, revision };
}
