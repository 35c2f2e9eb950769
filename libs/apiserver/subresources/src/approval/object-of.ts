import type { SubresourceCall } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import { type KubeObject, notFound } from '@kubernest/meta';

/** The object of no namespace that the call is about, for a subresource that shows the whole of it. */
export async function objectOf({ read, info, definition }: SubresourceCall, ctx: Context): Promise<KubeObject> {
  const ref = { group: definition.group, resource: definition.plural };
  const found = read.get(ref, info.name!) ?? (await read.fetch(ref, info.name!, ctx));
  if (!found) throw notFound({ ...ref, name: info.name });
  return found;
}
