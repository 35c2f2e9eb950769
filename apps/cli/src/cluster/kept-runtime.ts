import { UsageError } from '../command/command.ts';
import type { ClusterDir, ClusterFacts } from './cluster-dir.ts';
import { demandSame } from './lasting-facts.ts';
import { lastSession } from './session.ts';

/** What runs the pods of a cluster, on how many nodes if these are simulated. */
export interface Nodes {
  readonly runtime: 'docker' | 'hollow';
  readonly hollowNodes: number;
}

/** What was asked for on the command line. */
export type NodeWishes = Partial<Nodes> & { readonly nodeName?: string };

/**
 * What the facts of a cluster that has run say, and for a first start what is asked for. Throws for another runtime than the cluster was made
 * with, for none where nobody knows that one, and for flags that say nothing beside it: whoever gives one means something else than what would happen.
 */
export function nodesOf(kept: ClusterFacts | undefined, wishes: NodeWishes): Nodes {
  if (kept) demandSame(kept, { runtime: wishes.runtime });
  if (kept && !kept.runtime && !wishes.runtime)
    throw new UsageError(
      `cluster "${kept.name}" was made by a version that did not keep what runs its pods: name it, as then, with --runtime=docker or --runtime=hollow`,
    );
  const runtime = kept?.runtime ?? wishes.runtime ?? 'docker';
  if (wishes.hollowNodes !== undefined && runtime !== 'hollow')
    throw new UsageError('--hollow-nodes has no effect without --runtime=hollow');
  if (wishes.nodeName !== undefined && runtime === 'hollow')
    throw new UsageError('--node-name has no effect with --runtime=hollow, whose nodes are called hollow-0 and so on');
  return { runtime, hollowNodes: wishes.hollowNodes ?? kept?.hollowNodes ?? 1 };
}

/** The facts of a cluster that has run. One that was made before its runtime was kept has what it was started with the last time. */
export function keptFacts(dir: ClusterDir): ClusterFacts | undefined {
  const facts = dir.facts();
  // A first start that broke off has put nothing anywhere yet: what it chose may be another's by now.
  if (!facts || !dir.hasRun()) return undefined;
  const { runtime, hollowNodes } = facts.runtime ? facts : (lastSession(dir) ?? facts);
  return { ...facts, runtime, hollowNodes };
}
