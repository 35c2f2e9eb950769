import { existsSync } from 'node:fs';
import type { Context } from '@kubernest/kit';
import { Option } from 'commander';
import { ClusterDir, type ClusterFacts } from '../cluster/cluster-dir.ts';
import { chooseEngine, forgetChoice, hasChoice } from '../cluster/engine.ts';
import { demandFormerName, forgetCluster, formerCluster } from '../cluster/known-clusters.ts';
import { leaveKubeconfig } from '../cluster/leave-kubeconfig.ts';
import { unmountOwn } from '../cluster/mounts.ts';
import { noSuchCluster } from '../cluster/no-such-cluster.ts';
import {
  endProcess,
  forgetProcess,
  recordedProcess,
  recordProcess,
  whenProcessEnded,
} from '../cluster/process-file.ts';
import { removeData, removeLeftovers } from '../cluster/remove-data.ts';
import { endLeftovers, engineOf, takeBackNode } from '../cluster/run-cluster.ts';
import { endShims } from '../cluster/shims.ts';
import { SlowSteps } from '../cluster/slow-steps.ts';
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

/** Whether its `up` still runs or was killed; nothing running is success. */
async function stopCluster(options: DownOptions, ctx: Context): Promise<void> {
  const dir = new ClusterDir(options.name, options.dataDir);
  const facts = dir.facts();
  if (!facts) return stopNone(dir, options, ctx);
  const progress = new SlowSteps(printLine, ctx.clock);
  const { left, fault } = await stopInSteps(dir, facts, { ...options, progress }, ctx).finally(() => progress.end());
  printLine(`cluster "${dir.name}" is stopped${options.purge ? ' and its data removed' : ''}`);
  const strange = strangersIn(left);
  if (strange.length > 0) printLine(`what is not of the cluster stays in ${dir.path}: ${listed(strange)}`);
  if (fault && options.purge) throw new Error(fault);
  if (fault) printFault(fault);
}

/** Where there is no cluster: what is left of one that is missed goes with `--purge`. */
async function stopNone(dir: ClusterDir, { purge = false }: DownOptions, ctx: Context): Promise<void> {
  demandFormerName(dir);
  const isMissed = formerCluster(dir.path) !== undefined;
  const fault = purge ? await leaveKubeconfig(dir, { purged: true }, ctx) : undefined;
  if (purge) await removeLeftovers(dir);
  if (fault) printFault(fault);
  if (purge && isMissed) return printLine(`cluster "${dir.name}" is forgotten: it was in ${dir.path}`);
  const none = noSuchCluster(dir);
  if (none.isElsewhere) throw none;
  printLine(none.message);
}

interface Stopped {
  /** What stays in the data directory of one that is purged. */
  readonly left: readonly string[];
  /** What went wrong with the user's kubeconfig, which keeps nothing from being stopped. */
  readonly fault: string | undefined;
}

async function stopInSteps(
  dir: ClusterDir,
  facts: ClusterFacts,
  { purge: purged = false, progress }: DownOptions & { readonly progress: SlowSteps },
  ctx: Context,
): Promise<Stopped> {
  progress.step(`another down stops cluster "${dir.name}": waiting for it …`);
  await whenProcessEnded(dir.pidFile('down'), ctx);
  recordOwn(dir);
  const running = recordedProcess(dir.pidFile('up'));
  progress.step(`stopping its processes${running ? ` (pid ${running.pid})` : ''}, pods first …`);
  if (running) await endProcess(running, 20_000);
  progress.step('taking back what is left of it on this machine …');
  await stopWhatIsLeft(dir, facts, ctx);
  forgetProcess(dir.pidFile('up'));
  progress.step('giving back the kubectl context …');
  const fault = await leaveKubeconfig(dir, { purged }, ctx);
  forgetProcess(dir.pidFile('down'));
  if (!purged) return { left: [], fault };
  progress.step(`removing its data in ${dir.path} …`);
  const left = await removeData(dir);
  forgetCluster(dir);
  return { left, fault };
}

/** A full disk takes no record, and a stop may be what makes room. */
function recordOwn(dir: ClusterDir): void {
  try {
    recordProcess(dir.pidFile('down'), process.pid);
  } catch (error) {
    if (!['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

async function stopWhatIsLeft(dir: ClusterDir, facts: ClusterFacts, ctx: Context): Promise<void> {
  const agentRan = existsSync(dir.agentKubeconfig());
  await endLeftovers(dir);
  const engine = recordedProcess(dir.pidFile('engine'));
  const left = hasChoice(dir);
  const choice = await chooseEngine(dir);
  // An own engine that died holds what is to be taken back: it is needed once more.
  const again = agentRan && left && choice.own && !engine ? engineOf(dir, printFault) : undefined;
  await again?.start(ctx);
  if (agentRan && (engine || again || !choice.own)) {
    const options = { runtime: 'docker', hollowNodes: 0, dockerSocket: choice.socket } as const;
    await takeBackNode({ dir, facts, agent: options }, printFault);
  }
  await again?.stop();
  if (engine) await endProcess(engine, 10_000);
  forgetProcess(dir.pidFile('engine'));
  endShims(dir);
  await unmountOwn(dir);
  forgetChoice(dir);
}
