import type { MetadataClient, PartialObjectMetadata } from '@kubernest/client';
import { type Context, messageOf } from '@kubernest/kit';
import type { Remaining } from './crd-finalizer.plan.ts';

const PAGE = 500;

/** Every object of a resource, in all namespaces. */
async function* pages(api: MetadataClient, ctx: Context): AsyncGenerator<readonly PartialObjectMetadata[]> {
  let token: string | undefined;
  do {
    const list = await api.list({ limit: PAGE, ...(token && { continue: token }) }, ctx);
    yield list.items;
    token = list.metadata.continue;
  } while (token);
}

/**
 * The namespaces in which something is not asked to go yet; undefined stands for none, of a kind that is in no namespace, whatever its objects
 * say: they may be older than their definition. compat: the other way round, what is in no namespace keeps a definition that has them, as no
 * path leads there.
 */
export async function undeletedIn(
  api: MetadataClient,
  { namespaced }: { readonly namespaced: boolean },
  ctx: Context,
): Promise<ReadonlySet<string | undefined>> {
  const found = new Set<string | undefined>();
  for await (const items of pages(api, ctx))
    for (const { metadata } of items)
      if (!metadata.deletionTimestamp) found.add(namespaced ? metadata.namespace : undefined);
  return found;
}

/** What was refused, by namespace; nothing when all is on its way out. */
export async function deleteIn(
  namespaces: ReadonlySet<string | undefined>,
  api: MetadataClient,
  ctx: Context,
): Promise<readonly string[]> {
  const refused: string[] = [];
  for (const namespace of namespaces) {
    try {
      await api.deleteCollection(namespace === undefined ? {} : { namespace }, {}, ctx);
    } catch (error) {
      ctx.signal.throwIfAborted();
      refused.push(messageOf(error));
    }
  }
  return refused;
}

export async function remaining(api: MetadataClient, ctx: Context): Promise<Remaining> {
  let count = 0;
  const finalizers = new Set<string>();
  for await (const items of pages(api, ctx)) {
    count += items.length;
    for (const { metadata } of items) for (const finalizer of metadata.finalizers ?? []) finalizers.add(finalizer);
  }
  return { count, finalizers };
}
