import { type Context, messageOf } from '@kubernest/kit';
import type { ClusterDir, ClusterFacts } from './cluster-dir.ts';
import { hasChoice } from './engine.ts';
import { forgetCluster } from './known-clusters.ts';
import { removeData, removeFailed } from './remove-data.ts';
import { type RunningCluster, type RunOptions, runCluster } from './run-cluster.ts';

export interface Start {
  readonly dir: ClusterDir;
  readonly facts: ClusterFacts;
  /** No control plane has ever come up here. */
  readonly isFirst: boolean;
  /** Its user has been told that it is up. */
  isUp: boolean;
}

/** Whether nothing of it is to stay when it is stopped now. What it wrote to another store can only be read with what lies here. */
export const mayGo = ({ facts, isFirst, isUp }: Start): boolean => isFirst && !isUp && facts.store === 'sqlite';

/** The same once it is stopped: what could not be taken back of an engine is found by what lies here. */
export const leavesNothing = (start: Start): boolean => mayGo(start) && !hasChoice(start.dir);

/** For a start that was told to stop before it was up, once its processes have ended. */
export async function leaveUnfinished(start: Start, say: (line: string) => void): Promise<void> {
  const goes = leavesNothing(start);
  if (goes) {
    await removeData(start.dir);
    forgetCluster(start.dir);
  }
  say(`stopped before it was up${goes ? ', and nothing of it is left' : ''}`);
}

/** `runCluster`. Of a start that is told to stop meanwhile it leaves what is to be left, and of a first one that failed the logs. */
export async function startedCluster(start: Start, options: RunOptions, ctx: Context): Promise<RunningCluster> {
  const { dir, facts } = start;
  try {
    return await runCluster(dir, facts, options, ctx);
  } catch (error) {
    if (ctx.signal.aborted) {
      await leaveUnfinished(start, options.say);
      throw ctx.signal.reason;
    }
    // Why it failed is what is to be told last, whatever keeps this from being done as well.
    if (leavesNothing(start) && !dir.hasRun())
      await removeFailed(dir).catch((fault: unknown) =>
        options.say(`what it made stays in ${dir.path}: ${messageOf(fault)}`),
      );
    throw error;
  }
}
