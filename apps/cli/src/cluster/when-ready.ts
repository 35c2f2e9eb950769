import { type Context, childContext, isAborted } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';
import { adminClient } from './admin-client.ts';
import type { ClusterDir } from './cluster-dir.ts';
import { slowStart } from './supervisor.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
}

interface NodeObject extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

const readiness = (node: NodeObject): Condition | undefined => node.status?.conditions?.find((c) => c.type === 'Ready');

/** Resolves at the first node that is Ready, and says what is missing when that takes long. */
export async function whenNodeReady(dir: ClusterDir, say: (line: string) => void, ctx: Context): Promise<void> {
  let why = 'it has not registered yet';
  const cancel = ctx.clock.after(slowStart, () =>
    say(`the node is not Ready yet: ${why}; its log is ${dir.logFile('agent')}`),
  );
  const onNotReady = (message: string): void => {
    why = message;
  };
  await watchUntilReady(dir, onNotReady, ctx).finally(cancel);
}

/** Hangs on a watch, which begins with the nodes that are there. */
async function watchUntilReady(dir: ClusterDir, onNotReady: (message: string) => void, ctx: Context): Promise<void> {
  const nodes = adminClient(dir).resource<NodeObject>({ group: '', version: 'v1', resource: 'nodes' });
  for (;;) {
    const { ctx: watching, controller } = childContext(ctx);
    let found = false;
    const watch = nodes.watch(
      { resourceVersion: '0' },
      ({ type, object }) => {
        if (type !== 'ADDED' && type !== 'MODIFIED') return;
        const ready = readiness(object);
        if (ready?.status === 'True') {
          found = true;
          controller.abort();
        } else if (ready?.message) onNotReady(ready.message);
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
