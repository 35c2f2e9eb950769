import type { Context } from '@kubernest/kit';
import { emptyingEtcd, storeAddresses } from '@kubernest/process';
import { Option } from 'commander';
import { ClusterDir, type ClusterFacts, LostFacts } from '../cluster/cluster-dir.ts';
import { forgetCluster, onceStarted } from '../cluster/known-clusters.ts';
import { leaveKubeconfig } from '../cluster/leave-kubeconfig.ts';
import { noSuchCluster } from '../cluster/no-such-cluster.ts';
import { removeData, removeLeftovers } from '../cluster/remove-data.ts';
import { SlowSteps } from '../cluster/slow-steps.ts';
import { type Stopped, whileStopped } from '../cluster/stop-cluster.ts';
import { listed, strangersIn } from '../cluster/take-folder.ts';
import type { ClusterOptions, CommandDefinition } from '../command/command.ts';
import { printFault, printLine } from '../output/print.ts';

interface DownOptions extends ClusterOptions {
  readonly purge?: boolean;
}

export const down: CommandDefinition<DownOptions> = {
  name: 'down',
  heading: 'Clusters',
  about: 'Stop a cluster.',
  ofCluster: true,
  options: [new Option('--purge', 'also remove its data and its kubeconfig context')],
  run: ({ options }, ctx) => stopCluster(options, ctx),
};

interface Down {
  readonly dir: ClusterDir;
  readonly purged: boolean;
  readonly progress: SlowSteps;
}

async function stopCluster({ name, dataDir, purge: purged = false }: DownOptions, ctx: Context): Promise<void> {
  const dir = new ClusterDir(name, dataDir);
  const progress = new SlowSteps(printLine, ctx.clock);
  const down = { dir, purged, progress };
  const act = (stopped: Stopped): Promise<void> =>
    stopped.facts ? leave(down, stopped, ctx) : leaveNone(down, stopped, ctx);
  try {
    await whileStopped(dir, progress, { ctx, act }).finally(() => progress.end());
  } catch (error) {
    // Nobody starts it again as it is: its context leads nowhere.
    const fault = error instanceof LostFacts && (await leaveKubeconfig(dir, { purged: false, wasUp: true }, ctx));
    if (fault) printFault(fault);
    throw error;
  }
}

/** Of a cluster that is stopped. */
async function leave(
  { dir, purged, progress }: Down,
  { facts, fault: left, hasRun: wasUp }: Stopped,
  ctx: Context,
): Promise<void> {
  progress.step('giving back the kubectl context …');
  const fault = await leaveKubeconfig(dir, { purged: purged && left === undefined, wasUp }, ctx);
  if (left !== undefined) {
    if (fault) printFault(fault);
    throw new Error(`the processes of cluster "${dir.name}" have ended, but ${left}`);
  }
  let strange: readonly string[] = [];
  if (purged) {
    progress.step(`removing its data in ${dir.path} …`);
    strange = strangersIn(await removeData(dir));
    forgetCluster(dir);
  }
  progress.end();
  printLine(`cluster "${dir.name}" is stopped${purged ? ' and its data removed' : ''}`);
  if (purged && facts) tellOfStore(facts);
  if (strange.length > 0) printLine(`what is not of the cluster stays in ${dir.path}: ${listed(strange)}`);
  if (fault && purged) throw new Error(fault);
  if (fault) printFault(fault);
}

/** Other servers of the cluster may use it: it goes by somebody's own hand. */
function tellOfStore({ name, store }: ClusterFacts): void {
  if (store === 'sqlite') return;
  const addresses = storeAddresses(store);
  printLine(
    `what it keeps in etcd stays; where no other server of it needs that any more: ${emptyingEtcd(addresses, name)}`,
  );
}

/** Where no cluster is, or none came to be: what is left of one that is missed goes with `--purge`. */
async function leaveNone({ dir, purged }: Down, { hasRun }: Stopped, ctx: Context): Promise<void> {
  // A first start that is cut short is forgotten by then.
  const isMissed = onceStarted(dir.path) !== undefined;
  const wasUp = hasRun && isMissed;
  // A kubeconfig has nothing of a cluster that never was, whatever is wrong with it.
  const fault = isMissed && (purged || wasUp) ? await leaveKubeconfig(dir, { purged: true, wasUp }, ctx) : undefined;
  if (purged) await removeLeftovers(dir);
  if (fault) printFault(fault);
  if (wasUp) return printLine(`cluster "${dir.name}" was up and is stopped: its data in ${dir.path} was gone already`);
  if (hasRun) return printLine(`the start of cluster "${dir.name}" was stopped, and nothing of it is left`);
  if (purged && isMissed) return printLine(`cluster "${dir.name}" is forgotten: it was in ${dir.path}`);
  const none = noSuchCluster(dir);
  if (none.isElsewhere) throw none;
  printLine(none.message);
}
