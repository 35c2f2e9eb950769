import { type Context, childContext, messageOf, whenAborted } from '@kubernest/kit';
import { announceProgress, announceReady } from '@kubernest/process';
import { adminClient } from '../cluster/admin-client.ts';
import { startInBackground } from '../cluster/background.ts';
import { chooseFacts } from '../cluster/choose-facts.ts';
import { claim } from '../cluster/claim.ts';
import { cleanUpAtExit } from '../cluster/clean-up.ts';
import { ClusterDir, type ClusterFacts } from '../cluster/cluster-dir.ts';
import { dashboardLink } from '../cluster/dashboard-link.ts';
import { knownClusters, rememberCluster } from '../cluster/known-clusters.ts';
import { demandOwnName } from '../cluster/own-name.ts';
import { ownVersion } from '../cluster/own-version.ts';
import { forgetProcess, recordedProcess, recordProcess, whenProcessEnded } from '../cluster/process-file.ts';
import { removeUnbegun } from '../cluster/remove-data.ts';
import { endLeftovers, runCluster } from '../cluster/run-cluster.ts';
import { recordSession } from '../cluster/session.ts';
import { ownNodes } from '../cluster/start-node.ts';
import { takeFolder } from '../cluster/take-folder.ts';
import {
  addContext,
  checkUserKubeconfig,
  contextName,
  keepContextFresh,
  previousContext,
  restoreContext,
} from '../cluster/user-kubeconfig.ts';
import { whenNodeReady } from '../cluster/when-ready.ts';
import type { CommandDefinition } from '../command/command.ts';
import { called } from '../command/command-name.ts';
import { refuseIdleFlags, type UpOptions, upFlags, wishesOf } from './up-flags.ts';

export const up: CommandDefinition<UpOptions> = {
  name: 'up',
  heading: 'Clusters',
  about: 'Start a cluster and hold it; Ctrl-C stops it, its objects stay.',
  ofCluster: true,
  options: upFlags,
  async run(line, ctx) {
    refuseIdleFlags(line);
    await startCluster(line.options, ctx);
  },
};

/** Starts a cluster and holds it until stopped. */
async function startCluster(options: UpOptions, ctx: Context): Promise<void> {
  const dir = new ClusterDir(options.name, options.dataDir);
  await whenProcessEnded(dir.pidFile('down'), ctx);
  const running = recordedProcess(dir.pidFile('up'));
  if (running) throw alreadyRunning(dir, ` (pid ${running.pid})`);
  await checkUserKubeconfig(ctx);
  demandOwnName(dir);
  takeFolder(dir);
  try {
    if (options.detach) await detached(dir, ctx);
    else await held(dir, options, ctx);
  } catch (error) {
    // In the background it is done by whoever waits for it: the log lies there.
    if (!process.connected) await removeUnbegun(dir);
    throw error;
  }
}

async function detached(dir: ClusterDir, ctx: Context): Promise<void> {
  await startInBackground(dir, console.log, ctx);
  console.log(`cluster "${dir.name}" is up; stop it with: ${called} down${dir.flags}`);
  const facts = dir.facts();
  if (facts) await announce(dir, facts, ctx);
}

async function held(dir: ClusterDir, options: UpOptions, ctx: Context): Promise<void> {
  const letGo = await claim(dir.path);
  if (!letGo) throw alreadyRunning(dir);
  try {
    await hold(dir, options, ctx);
  } finally {
    await letGo();
  }
}

async function hold(dir: ClusterDir, options: UpOptions, ctx: Context): Promise<void> {
  const begun = ctx.clock.monotonic();
  const say = (words: string): void => {
    const line = `[${((ctx.clock.monotonic() - begun) / 1000).toFixed(1)} s] ${words}`;
    console.log(line);
    announceProgress(line);
  };
  if (dir.exists()) await endLeftovers(dir);
  const facts = await chooseFacts(dir, wishesOf(options), { known: knownClusters(), claim, say });
  dir.save(facts);
  rememberCluster(dir);
  recordProcess(dir.pidFile('up'), process.pid);
  const { runtime, hollowNodes } = options;
  const begunAt = ctx.clock.now();
  recordSession(dir, { runtime, hollowNodes, startedAt: begunAt.toISOString(), version: ownVersion() });
  const leaveQuietly = cleanUpAtExit(dir);
  try {
    say(`starting cluster "${dir.name}" in ${dir.path}`);
    const cluster = await runCluster(dir, facts, { runtime, hollowNodes, say }, ctx);
    const { ctx: up, controller } = childContext(ctx);
    try {
      await addContext(dir, up);
      const start = { begunAt, isOwn: ownNodes(facts, options) };
      if (hasNodes(options))
        await Promise.race([whenNodeReady({ dir, client: adminClient(dir), start, say }, up), cluster.failed]);
      say(runtime === 'hollow' ? `${hollowNodes} simulated nodes are coming up` : 'node Ready');
      // In the background, whoever waits for it does: a link that opens once is not for a log.
      if (!process.connected) await announce(dir, facts, ctx);
      announceReady();
      await Promise.race([Promise.all([keepContextFresh(dir, up), whenAborted(up.signal)]), cluster.failed]);
    } finally {
      controller.abort();
      say('stopping …');
      await cluster.stop();
      await restoreContext(dir, { ...ctx, signal: AbortSignal.timeout(5000) });
      say('stopped');
    }
  } finally {
    leaveQuietly();
    forgetProcess(dir.pidFile('up'));
  }
}

const hasNodes = ({ runtime, hollowNodes }: UpOptions): boolean => runtime === 'docker' || hollowNodes > 0;

const alreadyRunning = (dir: ClusterDir, pid = ''): Error =>
  new Error(`cluster "${dir.name}" is already running${pid}; stop it with: ${called} down${dir.flags}`);

async function announce(dir: ClusterDir, facts: ClusterFacts, ctx: Context): Promise<void> {
  console.log(`
  kubeconfig   ${dir.adminKubeconfig()}   (context ${contextName(dir)}, now current in yours${beforeWords(dir)})
  API          https://127.0.0.1:${facts.apiPort}
  dashboard    ${await linkWords(dir, facts, ctx)}
               a fresh link at any time: ${called} dashboard${dir.flags}
               or: kubectl proxy, then http://127.0.0.1:8001/ui/
  try          kubectl get nodes
`);
}

/** The cluster is up whether or not a link can be had. */
async function linkWords(dir: ClusterDir, facts: ClusterFacts, ctx: Context): Promise<string> {
  try {
    return await dashboardLink(dir, facts, ctx);
  } catch (error) {
    ctx.signal.throwIfAborted();
    return `https://127.0.0.1:${facts.apiPort}/ui/   (no one-time link: ${messageOf(error)})`;
  }
}

function beforeWords(dir: ClusterDir): string {
  const before = previousContext(dir);
  return before === '' ? '' : `; before it was ${before}, which ${called} down${dir.flags} gives back`;
}
