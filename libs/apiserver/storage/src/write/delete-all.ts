import type { CacheEntry } from '@kubernest/apiserver/codec';
import type { Context } from '@kubernest/kit';
import { isNotFound } from '@kubernest/meta';
import type { WriteEngine } from '../engine.ts';
import { deleteObject } from './delete.ts';
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
  const deleted = async ({ key, name, namespace }: CacheEntry): Promise<Written[]> => {
    const named = { ...call, info: { ...call.info, name, namespace: namespace || undefined } };
    try {
      return [await deleteObject(engine, { call: named, namespace, name, key, options }, ctx)];
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  };
  const all: Written[] = [];
  for (let at = 0; at < entries.length; at += AT_ONCE)
    all.push(...(await Promise.all(entries.slice(at, at + AT_ONCE).map(deleted))).flat());
  return all;
}
