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
import { endLeftovers, type RunOptions } from '../cluster/run-cluster.ts';
import { recordSession } from '../cluster/session.ts';
import { SlowSteps } from '../cluster/slow-steps.ts';
import { ownNodes } from '../cluster/start-node.ts';
import { leavesNothing, leaveUnfinished, mayGo, type Start, startedCluster } from '../cluster/started-cluster.ts';
import { checkFolder, takeFolder } from '../cluster/take-folder.ts';
import { addContext, checkUserKubeconfig, keepContextFresh } from '../cluster/user-kubeconfig.ts';
import { whenNodeReady } from '../cluster/when-ready.ts';
import type { CommandDefinition, CommandLine } from '../command/command.ts';
import { called } from '../command/command-name.ts';
import { printFault, printLine, printLines } from '../output/print.ts';
import { accessLines } from './access-lines.ts';
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
  if (facts) printLines(...(await accessLines(dir, facts, ctx)));
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
  const start = { dir, facts, isFirst, begunAt, isUp: false };
  const leaveQuietly = cleanUpAtExit(dir, () => ctx.signal.aborted && mayGo(start));
  try {
    say(`starting cluster "${dir.name}" in ${dir.path}`);
    await holdUp(start, { ...options, say }, ctx);
  } finally {
    leaveQuietly();
    forgetProcess(dir.pidFile('up'));
  }
}

type Held = Start & { readonly begunAt: Date };

/** Until it is stopped, or one of its processes fails for good. */
async function holdUp(start: Held, options: RunOptions, ctx: Context): Promise<void> {
  const { dir } = start;
  const { say } = options;
  const cluster = await startedCluster(start, options, ctx);
  const { ctx: up, controller } = childContext(ctx);
  try {
    await comeUp(start, { ...options, failed: cluster.failed }, up);
    await Promise.race([Promise.all([keepContextFresh(dir, up), whenAborted(up.signal)]), cluster.failed]);
  } finally {
    controller.abort();
    say('stopping …');
    await cluster.stop();
    const isUnfinished = ctx.signal.aborted && !start.isUp;
    const fault = await givenBack(start, { purged: isUnfinished && leavesNothing(start) }, ctx);
    if (isUnfinished) await leaveUnfinished(start, say);
    else say('stopped');
    if (fault) printFault(fault);
  }
}

/** From the moment when it says so the cluster is there to stay: what it says is known before, and said in one go. */
async function comeUp(
  start: Held,
  { failed, ...options }: RunOptions & { readonly failed: Promise<never> },
  ctx: Context,
): Promise<void> {
  const { dir, facts, begunAt } = start;
  const { say } = options;
  await addContext(dir, ctx);
  if (hasNodes(options)) {
    const own = { begunAt, isOwn: ownNodes(facts, options) };
    await Promise.race([whenNodeReady({ dir, client: adminClient(dir), start: own, say }, ctx), failed]);
  }
  // In the background, whoever waits for it asks: a link that opens once is not for a log.
  const access = process.connected ? [] : await accessLines(dir, facts, ctx);
  ctx.signal.throwIfAborted();
  start.isUp = true;
  say(readyWords(options));
  printLines(...access);
  announceReady();
}

/** A `down` that told it to stop does that itself, and tells its user what is current then; of what leaves nothing it finds nothing. */
async function givenBack(
  { dir }: Start,
  { purged }: { readonly purged: boolean },
  ctx: Context,
): Promise<string | undefined> {
  if (stopperOf(dir) && !purged) return undefined;
  return leaveKubeconfig(dir, { purged, wasUp: true }, { ...ctx, signal: AbortSignal.timeout(10_000) });
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
