import { type Context, messageOf } from '@kubernest/kit';
import type { ClusterDir, ClusterFacts } from './cluster-dir.ts';
import { forgetCluster } from './known-clusters.ts';
import { removeData, removeFailed } from './remove-data.ts';
import { type RunningCluster, type RunOptions, runCluster } from './run-cluster.ts';

export interface Start {
  readonly dir: ClusterDir;
  readonly facts: ClusterFacts;
  /** No control plane has ever come up here. */
  readonly isFirst: boolean;
}

/** `runCluster`, which says so when it is told to stop before the cluster has come up. Of a first start nothing stays then, and of one that failed the logs. */
export async function startedCluster(
  { dir, facts, isFirst }: Start,
  options: RunOptions,
  ctx: Context,
): Promise<RunningCluster> {
  try {
    return await runCluster(dir, facts, options, ctx);
  } catch (error) {
    // What it wrote to another store can only be read with what lies here.
    const mayGo = isFirst && facts.store === 'sqlite';
    if (!ctx.signal.aborted) {
      // Why it failed is what is to be told last, whatever keeps this from being done as well.
      if (mayGo && !dir.hasRun())
        await removeFailed(dir).catch((fault: unknown) =>
          options.say(`what it made stays in ${dir.path}: ${messageOf(fault)}`),
        );
      throw error;
    }
    if (mayGo) {
      await removeData(dir);
      forgetCluster(dir);
    }
    options.say(`stopped before it was up${mayGo ? ', and nothing of it is left' : ''}`);
    throw ctx.signal.reason;
  }
}
