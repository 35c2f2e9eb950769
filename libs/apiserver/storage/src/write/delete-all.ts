import type { CacheEntry } from '@kubernest/apiserver/codec';
import type { Context } from '@kubernest/kit';
import type { WriteEngine } from '../engine.ts';
import { deleteIfPresent } from './delete.ts';
import type { DeleteOptions } from './options.ts';
import type { WriteCall, Written } from './write-call.ts';

const AT_ONCE = 16;

export interface DeleteAllOrder {
  readonly call: WriteCall;
  readonly entries: readonly CacheEntry[];
  readonly options: DeleteOptions;
}

/** Deletes some objects of one resource, a few at once; those that are gone already are none of those returned. */
export async function deleteAll(
  engine: WriteEngine,
  { call, entries, options }: DeleteAllOrder,
  ctx: Context,
): Promise<Written[]> {
  const deleted = ({ key, name, namespace }: CacheEntry): Promise<Written | undefined> => {
    const named = { ...call, info: { ...call.info, name, namespace: namespace || undefined } };
    return deleteIfPresent(engine, { call: named, namespace, name, key, options }, ctx);
  };
  const all: Written[] = [];
  for (let at = 0; at < entries.length; at += AT_ONCE) {
    const some = await Promise.all(entries.slice(at, at + AT_ONCE).map(deleted));
    all.push(...some.filter((each) => each !== undefined));
  }
  return all;
}
