import { type Context, messageOf } from '@kubernest/kit';
import { called } from '../command/command-name.ts';
import { printLine } from '../output/print.ts';
import type { ClusterDir } from './cluster-dir.ts';
import { leaveNoneCurrent, removeContext, restoreContext, takeOutWords } from './user-kubeconfig.ts';

/**
 * Gives the user's kubeconfig back the context that was current, and takes the cluster's own out of it when it is `purged`. A courtesy, for
 * when the cluster has stopped: whatever is wrong with that file, resolves with a sentence about it, for the last line.
 */
export async function leaveKubeconfig(
  dir: ClusterDir,
  { purged, wasUp }: { readonly purged: boolean; readonly wasUp: boolean },
  ctx: Context,
): Promise<string | undefined> {
  try {
    const current = await restoreContext(dir, ctx);
    if (current) printLine(`the current context of kubectl is "${current}"`);
    if (current === undefined && wasUp && (await leaveNoneCurrent(dir, ctx)))
      printLine(
        'what was the current context of kubectl before is not known any more, and none is now: choose one with kubectl config use-context NAME',
      );
    return purged ? await removeContext(dir, ctx) : undefined;
  } catch (error) {
    const wayOut = purged
      ? `then take it out with: ${takeOutWords(dir)}`
      : `then give back the context before it with: ${called} down${dir.flags}`;
    return `${messageOf(error)}. The cluster is stopped, but your kubeconfig may still have its context: first mend that, ${wayOut}`;
  }
}
