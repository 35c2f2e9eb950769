import { type Context, childContext, isAborted, whenAborted } from '@kubernest/kit';
import { announceProgress, announceReady } from '@kubernest/process';
import { adminClient } from '../cluster/admin-client.ts';
import { interruptedExit, startInBackground } from '../cluster/background.ts';
import { chooseFacts } from '../cluster/choose-facts.ts';
import { claim } from '../cluster/claim.ts';
import { cleanUpAtExit } from '../cluster/clean-up.ts';
import { ClusterDir } from '../cluster/cluster-dir.ts';
import { demandContainers } from '../cluster/container-needs.ts';
import { alreadyRunning, claimToStart, stopperOf, supervisorOf, whenStopped } from '../cluster/holders.ts';
import { keptFacts, type Nodes, nodesOf } from '../cluster/kept-runtime.ts';
import { knownClusters, rememberCluster } from '../cluster/known-clusters.ts';
import { leaveKubeconfig } from '../cluster/leave-kubeconfig.ts';
import { demandOwnName } from '../cluster/own-name.ts';
import { ownVersion } from '../cluster/own-version.ts';
import { forgetProcess, recordOf, recordProcess } from '../cluster/process-file.ts';
import { removeUnbegun } from '../cluster/remove-data.ts';
import { endLeftovers } from '../cluster/run-cluster.ts';
import { recordSession } from '../cluster/session.ts';
import { SlowSteps } from '../cluster/slow-steps.ts';
import { ownNodes } from '../cluster/start-node.ts';
import { startedCluster } from '../cluster/started-cluster.ts';
import { checkFolder, takeFolder } from '../cluster/take-folder.ts';
import { addContext, checkUserKubeconfig, keepContextFresh } from '../cluster/user-kubeconfig.ts';
import { whenNodeReady } from '../cluster/when-ready.ts';
import type { CommandDefinition, CommandLine } from '../command/command.ts';
import { called } from '../command/command-name.ts';
import { printFault, printLine } from '../output/print.ts';
import { printAccess } from './print-access.ts';
import { flagsToHold, type UpOptions, upFlags, wishesOf } from './up-flags.ts';

export const up: CommandDefinition<UpOptions> = {
  name: 'up',
  heading: 'Clusters',
  about: 'Start a cluster and hold it; Ctrl-C stops it, its objects stay.',
  ofCluster: true,
  options: upFlags,
  async run(line, ctx) {
    try {
      await startCluster(line, ctx);
      return 0;
    } catch (error) {
      if (!ctx.signal.aborted || !isAborted(error)) throw error;
      return interruptedExit;
    }
  },
};

/** Starts a cluster and holds it until stopped. */
async function startCluster(line: CommandLine<UpOptions>, ctx: Context): Promise<void> {
  const { options } = line;
  const dir = new ClusterDir(options.name, options.dataDir);
  checkFolder(dir);
  const nodes = nodesOf(keptFacts(dir), options);
  const progress = new SlowSteps(printLine, ctx.clock);
  progress.step(`cluster "${dir.name}" is being stopped: waiting for the end of it …`);
  await whenStopped(dir, ctx).finally(() => progress.end());
  if (supervisorOf(dir)) throw alreadyRunning(dir);
  demandOwnName(dir);
  if (nodes.runtime === 'docker') await demandContainers(dir, !options.install);
  await checkUserKubeconfig(dir, ctx);
  takeFolder(dir);
  try {
    if (options.detach) await detached(dir, flagsToHold(dir, line), ctx);
    else await held(dir, options, ctx);
  } catch (error) {
    // In the background it is done by whoever waits for it: the log lies there.
    if (!process.connected) await removeUnbegun(dir);
    throw error;
  }
}

async function detached(dir: ClusterDir, flags: readonly string[], ctx: Context): Promise<void> {
  await startInBackground({ dir, args: [process.argv[1]!, 'up', ...flags], say: printLine }, ctx);
  printLine(`cluster "${dir.name}" is up; stop it with: ${called} down${dir.flags}`);
  const facts = dir.facts();
  if (facts) await printAccess(dir, facts, ctx);
}

async function held(dir: ClusterDir, options: UpOptions, ctx: Context): Promise<void> {
  const letGo = await claimToStart(dir, ctx);
  try {
    // Again: until now somebody else may have removed what was there, or made it.
    takeFolder(dir);
    await hold(dir, { ...options, ...nodesOf(keptFacts(dir), options) }, ctx);
  } finally {
    await letGo();
  }
}

async function hold(dir: ClusterDir, options: UpOptions & Nodes, ctx: Context): Promise<void> {
  const begun = ctx.clock.monotonic();
  const say = (words: string): void => {
    const line = `[${((ctx.clock.monotonic() - begun) / 1000).toFixed(1)} s] ${words}`;
    printLine(line);
    announceProgress(line);
  };
  await endLeftovers(dir);
  const isFirst = !dir.hasRun();
  const { runtime, hollowNodes } = options;
  const chosen = await chooseFacts(dir, wishesOf(options), { known: knownClusters(), claim, say });
  const facts = { ...chosen, runtime, hollowNodes };
  dir.save(facts);
  rememberCluster(dir);
  recordProcess(dir.pidFile('up'), recordOf(process.pid));
  const begunAt = ctx.clock.now();
  recordSession(dir, { runtime, hollowNodes, startedAt: begunAt.toISOString(), version: ownVersion() });
  const leaveQuietly = cleanUpAtExit(dir);
  try {
    say(`starting cluster "${dir.name}" in ${dir.path}`);
    const cluster = await startedCluster({ dir, facts, isFirst }, { ...options, say }, ctx);
    const { ctx: up, controller } = childContext(ctx);
    try {
      await addContext(dir, up);
      const start = { begunAt, isOwn: ownNodes(facts, options) };
      if (hasNodes(options))
        await Promise.race([whenNodeReady({ dir, client: adminClient(dir), start, say }, up), cluster.failed]);
      say(readyWords(options));
      // In the background, whoever waits for it does: a link that opens once is not for a log.
      if (!process.connected) await printAccess(dir, facts, ctx);
      announceReady();
      await Promise.race([Promise.all([keepContextFresh(dir, up), whenAborted(up.signal)]), cluster.failed]);
    } finally {
      controller.abort();
      say('stopping …');
      await cluster.stop();
      const fault = await givenBack(dir, ctx);
      say('stopped');
      if (fault) printFault(fault);
    }
  } finally {
    leaveQuietly();
    forgetProcess(dir.pidFile('up'));
  }
}

/** A `down` that told it to stop does that itself, and tells its user what is current then. */
async function givenBack(dir: ClusterDir, ctx: Context): Promise<string | undefined> {
  if (stopperOf(dir)) return undefined;
  return leaveKubeconfig(dir, { purged: false, wasUp: true }, { ...ctx, signal: AbortSignal.timeout(10_000) });
}

/** What one gets. */
export function readyWords({ runtime, hollowNodes }: Nodes): string {
  if (runtime !== 'hollow') return 'node Ready';
  if (hollowNodes === 0) return 'the API is whole, and without a node every pod waits: none is scheduled';
  return `${comingUp(hollowNodes)}: the API is whole, pods become Ready, and nothing runs in them`;
}

const hasNodes = ({ runtime, hollowNodes }: Nodes): boolean => runtime === 'docker' || hollowNodes > 0;

const comingUp = (nodes: number): string =>
  nodes === 1 ? '1 simulated node is coming up' : `${nodes} simulated nodes are coming up`;
