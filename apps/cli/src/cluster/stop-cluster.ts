import { existsSync } from 'node:fs';
import { type Context, messageOf } from '@kubernest/kit';
import { called } from '../command/command-name.ts';
import { printHint } from '../output/print.ts';
import type { LetGo } from './claim.ts';
import { type ClusterDir, type ClusterFacts, LostFacts } from './cluster-dir.ts';
import { choiceFile, chooseEngine, forgetChoice, hasChoice } from './engine.ts';
import { claimFromSupervisor, claimStop } from './holders.ts';
import { demandFormerName } from './known-clusters.ts';
import { unmountOwn } from './mounts.ts';
import { partOf } from './parts.ts';
import { endProcess, forgetProcess, recordOf, recordProcess } from './process-file.ts';
import { endLeftovers, engineOf, takeBackNode } from './run-cluster.ts';
import { runtimeOf } from './session.ts';
import { endShims } from './shims.ts';
import type { SlowSteps } from './slow-steps.ts';
import type { SupervisedProcess } from './supervisor.ts';

/** What a stop has found. */
export interface Stopped {
  readonly facts: ClusterFacts | undefined;
  /** A process held it up until now. */
  readonly hasRun: boolean;
  /** What could not be taken back, so that its data has to stay. */
  readonly fault?: string;
}

/**
 * Stops what runs of the cluster, whether its `up` still runs or was killed, and keeps its place claimed during `act`. Nothing running is
 * success. Where its facts are lost the processes end all the same, and it throws.
 */
export async function whileStopped<T>(
  dir: ClusterDir,
  progress: SlowSteps,
  { ctx, act }: { readonly ctx: Context; readonly act: (stopped: Stopped) => Promise<T> },
): Promise<T> {
  demandSameCluster(dir);
  progress.step(`another down stops cluster "${dir.name}": waiting for it …`);
  const claims: LetGo[] = [await claimStop(dir, ctx)];
  try {
    recordOwn(dir);
    progress.step('stopping its processes, pods first …');
    let hasRun = false;
    const found = ({ pid }: { readonly pid: number }): void => {
      hasRun = true;
      progress.step(`stopping its processes (pid ${pid}), pods first …`);
    };
    claims.push(await claimFromSupervisor(dir, found));
    progress.step('taking back what is left of it on this machine …');
    await endLeftovers(dir);
    // Only now nobody changes them any more.
    const facts = await orEndAll(dir, () => dir.facts());
    const fault = facts && (await takeBack(dir, facts, ctx).then(() => undefined, messageOf));
    forgetProcess(dir.pidFile('up'));
    return await act({ facts, hasRun, fault });
  } finally {
    forgetProcess(dir.pidFile('down'));
    for (const letGo of claims.toReversed()) await letGo();
  }
}

/** Whatever became of its facts, nothing is stopped that is another cluster's. */
function demandSameCluster(dir: ClusterDir): void {
  try {
    if (!dir.facts()) demandFormerName(dir);
  } catch (error) {
    if (!(error instanceof LostFacts)) throw error;
    demandFormerName(dir);
  }
}

/** Where there is nothing yet, nothing is made; a full disk takes no record, and a stop may be what makes room. */
function recordOwn(dir: ClusterDir): void {
  if (!existsSync(dir.in('run'))) return;
  try {
    recordProcess(dir.pidFile('down'), recordOf(process.pid));
  } catch (error) {
    if (!['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

async function orEndAll(dir: ClusterDir, read: () => ClusterFacts | undefined): Promise<ClusterFacts | undefined> {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof LostFacts)) throw error;
    await endEngine(dir);
    throw new LostFacts(`nothing of cluster "${dir.name}" runs any more, but ${error.message}`, { cause: error });
  }
}

async function endEngine(dir: ClusterDir): Promise<void> {
  const engine = partOf(dir, 'engine');
  if (engine) await endProcess(engine, 10_000);
  forgetProcess(dir.pidFile('engine'));
  endShims(dir);
  await unmountOwn(dir);
}

/** What the node made on this machine, and the engine. Throws what could not be taken back, once all else has ended. */
async function takeBack(dir: ClusterDir, facts: ClusterFacts, ctx: Context): Promise<void> {
  const started: SupervisedProcess[] = [];
  try {
    const isHollow = runtimeOf(dir, facts) === 'hollow';
    if (!isHollow && existsSync(dir.agentKubeconfig())) await takeBackWithEngine({ dir, facts, started }, ctx);
  } catch (error) {
    throw new Error(
      `${messageOf(error)}. Repeat it with: ${called} down${dir.flags}; where that engine is gone for good, first remove ${choiceFile(dir)}`,
      { cause: error },
    );
  } finally {
    for (const engine of started) await engine.stop();
    await endEngine(dir);
  }
  forgetChoice(dir);
}

interface Left {
  readonly dir: ClusterDir;
  readonly facts: ClusterFacts;
  /** Gets the engine that had to be started for it. */
  readonly started: SupervisedProcess[];
}

async function takeBackWithEngine({ dir, facts, started }: Left, ctx: Context): Promise<void> {
  const isLeft = hasChoice(dir);
  const { own, socket } = await chooseEngine(dir);
  const runs = !own || partOf(dir, 'engine') !== undefined;
  if (!runs && !isLeft) return;
  if (!runs) {
    // An own engine that died holds what is to be taken back: it is needed once more.
    const again = engineOf(dir, printHint);
    started.push(again);
    await again.start(ctx);
  }
  await takeBackNode({ dir, facts, agent: { runtime: 'docker', hollowNodes: 0, dockerSocket: socket } });
}
