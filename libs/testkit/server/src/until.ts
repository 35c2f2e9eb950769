import type { ListOptions, ResourceClient } from '@kubernest/client';
import { type Context, childContext } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';

/** Hangs on a watch of what the options select until its only object is as wanted; `undefined` is: there is none. */
export async function until<T extends KubeObject>(
  api: Pick<ResourceClient<T>, 'list' | 'watch'>,
  options: Pick<ListOptions, 'namespace' | 'fieldSelector'>,
  wanted: (object: T | undefined) => boolean,
  ctx: Context,
): Promise<T | undefined> {
  // A watch ends now and then, in simulated time soon.
  for (;;) {
    const { items, metadata } = await api.list(options, ctx);
    let last: T | undefined = items[0];
    if (wanted(last)) return last;
    const { ctx: watching, controller } = childContext(ctx);
    const since = { ...options, resourceVersion: metadata.resourceVersion };
    await api
      .watch(
        since,
        ({ type, object }) => {
          if (controller.signal.aborted || type === 'BOOKMARK' || type === 'ERROR') return;
          last = type === 'DELETED' ? undefined : object;
          if (wanted(last)) controller.abort();
        },
        watching,
      )
      .catch((error: unknown) => {
        if (!controller.signal.aborted) throw error;
      });
    if (controller.signal.aborted) return last;
  }
}
