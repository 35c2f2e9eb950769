import { type Context, childContext, isAborted } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';
import { adminClient } from './admin-client.ts';
import type { ClusterDir } from './cluster-dir.ts';

interface NodeObject extends KubeObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const isReady = (node: NodeObject): boolean =>
  node.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ?? false;

/** Resolves at the first node that is Ready. Hangs on a watch, which begins with the nodes that are there. */
export async function whenNodeReady(dir: ClusterDir, ctx: Context): Promise<void> {
  const nodes = adminClient(dir).resource<NodeObject>({ group: '', version: 'v1', resource: 'nodes' });
  for (;;) {
    const { ctx: watching, controller } = childContext(ctx);
    let found = false;
    const watch = nodes.watch(
      { resourceVersion: '0' },
      ({ type, object }) => {
        if ((type === 'ADDED' || type === 'MODIFIED') && isReady(object)) {
          found = true;
          controller.abort();
        }
      },
      watching,
    );
    await watch.catch((error: unknown) => {
      if (!isAborted(error)) ctx.log.debug('watching nodes ended', { error });
    });
    if (found) return;
    ctx.signal.throwIfAborted();
    await ctx.clock.sleep(200, ctx.signal);
  }
}
