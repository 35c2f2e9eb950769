import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { type Context, whenAborted } from '@kubernest/kit';
import { announceReady } from '@kubernest/process';
import { chooseFacts } from '../cluster/choose-facts.ts';
import { claim } from '../cluster/claim.ts';
import { cleanUpAtExit } from '../cluster/clean-up.ts';
import { ClusterDir, type ClusterFacts } from '../cluster/cluster-dir.ts';
import { dashboardLink } from '../cluster/dashboard-link.ts';
import { forgetProcess, recordedProcess, recordProcess, whenProcessEnded } from '../cluster/process-file.ts';
import { endLeftovers, runCluster } from '../cluster/run-cluster.ts';
import { addContext, checkUserKubeconfig, contextName, keepContextFresh } from '../cluster/user-kubeconfig.ts';
import { whenNodeReady } from '../cluster/when-ready.ts';
import type { ClusterOptions } from './options.ts';

export interface UpOptions extends ClusterOptions {
  readonly detach?: boolean;
  readonly apiPort?: number;
  readonly runtime: 'docker' | 'hollow';
  readonly hollowNodes: number;
  readonly store?: string;
  readonly addons: boolean;
}

/** Starts a cluster and holds it until stopped. */
export async function up(options: UpOptions, ctx: Context): Promise<void> {
  const dir = new ClusterDir(options.name, options.dataDir);
  await whenProcessEnded(dir.pidFile('down'), ctx);
  const running = recordedProcess(dir.pidFile('up'));
  if (running) throw alreadyRunning(dir, ` (pid ${running.pid})`);
  await checkUserKubeconfig(ctx);
  if (options.detach) return await detached(dir, ctx);

  if (!(await claim(dir.path))) throw alreadyRunning(dir);
  const begun = ctx.clock.monotonic();
  const say = (line: string): void => console.log(`[${((ctx.clock.monotonic() - begun) / 1000).toFixed(1)} s] ${line}`);
  if (dir.exists()) await endLeftovers(dir);
  const facts = await chooseFacts(dir, { apiPort: options.apiPort, store: options.store });
  dir.save(facts);
  recordProcess(dir.pidFile('up'), process.pid);
  const leaveQuietly = cleanUpAtExit(dir);
  try {
    say(`starting cluster "${dir.name}" in ${dir.path}`);
    const cluster = await runCluster(
      dir,
      facts,
      { runtime: options.runtime, hollowNodes: options.hollowNodes, say },
      ctx,
    );
    try {
      await addContext(dir, ctx);
      await whenNodeReady(dir, ctx);
      say(options.runtime === 'hollow' ? `${options.hollowNodes} simulated nodes are coming up` : 'node Ready');
      await announce(dir, facts, ctx);
      announceReady();
      await Promise.all([keepContextFresh(dir, ctx), whenAborted(ctx.signal)]);
    } finally {
      say('stopping …');
      await cluster.stop();
      say('stopped');
    }
  } finally {
    leaveQuietly();
    forgetProcess(dir.pidFile('up'));
  }
}

const alreadyRunning = (dir: ClusterDir, pid = ''): Error =>
  new Error(`cluster "${dir.name}" is already running${pid}; stop it with: kubernest down --name ${dir.name}`);

async function announce(dir: ClusterDir, facts: ClusterFacts, ctx: Context): Promise<void> {
  console.log(`
  kubeconfig   ${dir.adminKubeconfig()}   (context ${contextName(dir)}, now current in yours)
  API          https://127.0.0.1:${facts.apiPort}
  dashboard    ${await dashboardLink(dir, facts, ctx)}
               or: kubectl proxy, then http://127.0.0.1:8001/ui/
  try          kubectl get nodes
`);
}

/** Runs `up` again in the background and waits until it says that it is ready, or ends. */
async function detached(dir: ClusterDir, ctx: Context): Promise<void> {
  mkdirSync(dir.in('run'), { recursive: true, mode: 0o700 });
  const log = openSync(dir.logFile('up'), 'w', 0o600);
  const args = process.argv.slice(1).filter((arg) => arg !== '--detach' && arg !== '-d');
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  await new Promise<void>((resolve, reject) => {
    child.on('message', () => resolve());
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(whyNot(dir.logFile('up'), code))));
    ctx.signal.addEventListener(
      'abort',
      () => {
        child.kill('SIGTERM');
        reject(ctx.signal.reason);
      },
      { once: true },
    );
  });
  if (child.connected) child.disconnect();
  child.unref();
  console.log(`cluster "${dir.name}" is up; stop it with: kubernest down --name ${dir.name}`);
  const facts = dir.facts();
  if (facts) await announce(dir, facts, ctx);
}

/** What the background process said last of its own failure, so that nobody has to open its log for it. */
function whyNot(log: string, code: number | null): string {
  const said = readFileSync(log, 'utf8')
    .split('\n')
    .findLast((line) => line.startsWith('kubernest: '));
  const why = said ? `: ${said.slice('kubernest: '.length)}` : '';
  return `the cluster did not come up (exit code ${code})${why}; see ${log}`;
}
