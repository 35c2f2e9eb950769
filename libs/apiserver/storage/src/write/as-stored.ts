import {
  CacheEntry,
  encodeStored,
  encodeStoredInSteps,
  isLarge,
  paced,
  spliceVersion,
} from '@kubernest/apiserver/codec';
import type { Context } from '@kubernest/kit';
import { atOnce, type KubeObject, type Steps } from '@kubernest/meta';
import { MAX_TRANSACTION_BYTES } from '@kubernest/store/contract';
import { namesIn } from '../cache/watch-cache.ts';
import type { Resource } from '../catalog/resource.ts';
import type { Engine } from '../engine.ts';
import type { WriteCall } from './write-call.ts';

interface ToStore {
  readonly key: string;
  readonly object: KubeObject;
}

/**
 * What is to be stored, and as its writer will see it where that is another version: made before it is written, as a write that was made must
 * not be answered with a fault.
 */
export async function asStored(
  engine: Engine,
  call: WriteCall,
  { key, object }: ToStore,
  ctx: Context,
): Promise<{ readonly value: Buffer; readonly view: CacheEntry | undefined }> {
  const { resource, large } = call;
  const isOwn = resource.storesOwnVersion;
  const encoding = encodeWithin(call, isOwn ? object : await engine.views.toStorage(resource, object, ctx));
  const value = large ? await paced(encoding) : atOnce(encoding);
  return { value, view: isOwn ? undefined : await viewOfValue(engine, resource, { key, value }, ctx) };
}

/** What a dry run answers: as its writer would see it, without its resource version. */
export async function asIfStored(
  engine: Engine,
  call: WriteCall,
  { key, object }: ToStore,
  ctx: Context,
): Promise<KubeObject> {
  const { view } = call.resource.storesOwnVersion ? {} : await asStored(engine, call, { key, object }, ctx);
  if (!view) return object;
  const shown = isLarge(view.bytes.length) ? await paced(view.read()) : view.object;
  const { resourceVersion: _, ...metadata } = shown.metadata;
  return { ...shown, metadata };
}

/** compat: an object that is too large with the record of who owns what is stored without it, unless somebody applies it. */
function* encodeWithin(call: WriteCall, object: KubeObject): Steps<Buffer> {
  const value = call.large ? yield* encodeStoredInSteps(object) : encodeStored(object);
  const { managedFields = [], ...metadata } = object.metadata;
  if (value.length <= MAX_TRANSACTION_BYTES || managedFields.length === 0) return value;
  if (managedFields.some(({ operation }) => operation === 'Apply')) return value;
  return yield* encodeStoredInSteps({ ...object, metadata });
}

/** What is to be stored, as its writer will see it: converted there and back, as it may lose something on the way. */
async function viewOfValue(
  engine: Engine,
  resource: Resource,
  { key, value }: { readonly key: string; readonly value: Buffer },
  ctx: Context,
): Promise<CacheEntry> {
  const { namespace, name } = namesIn(key);
  const entry = new CacheEntry({ key, revision: 0, bytes: spliceVersion(value, ''), namespace, name });
  // It is not in the store yet, and nobody else asks for it.
  entry.retire();
  return engine.views.one(resource, entry, ctx);
}
