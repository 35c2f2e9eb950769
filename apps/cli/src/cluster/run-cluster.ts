import { spawn } from 'node:child_process';
import { type Context, childContext, type Milliseconds, messageOf } from '@kubernest/kit';
import type { ClusterDir, ClusterFacts } from './cluster-dir.ts';
import {
  chooseEngine,
  dockerdFile,
  type EngineChoice,
  forgetChoice,
  hasChoice,
  keepChoice,
  ownEngine,
  unusedHost,
  whenEngineAnswers,
} from './engine.ts';
import { unmountOwn } from './mounts.ts';
import { partOf } from './parts.ts';
import { endProcess, forgetProcess } from './process-file.ts';
import { tellingLine } from './process-log.ts';
import { type AgentOptions, agentArgs, agentSpec, apiSpec } from './programs.ts';
import { endShims } from './shims.ts';
import { SupervisedProcess, slowStart } from './supervisor.ts';

export interface RunOptions {
  readonly runtime: 'docker' | 'hollow';
  readonly hollowNodes: number;
  readonly say: (line: string) => void;
}

/** The processes of one running cluster, in the order they were started. */
export interface RunningCluster {
  readonly engine: EngineChoice | undefined;
  /** Rejects when one of them ended in a way that no restart will mend. */
  readonly failed: Promise<never>;
  /** Stops everything in reverse and takes back what was made on the machine. */
  stop(): Promise<void>;
}

/** Starts engine, API and agent; resolves when the API is ready and the agent runs. A fault stops what was started. */
export async function runCluster(
  dir: ClusterDir,
  facts: ClusterFacts,
  options: RunOptions,
  ctx: Context,
): Promise<RunningCluster> {
  const started: SupervisedProcess[] = [];
  let agentOptions: AgentOptions | undefined;
  const stop = async (): Promise<void> => {
    const [agent, api, engine] = ['agent', 'api', 'engine'].map((name) => started.find((p) => p.spec.name === name));
    await agent?.stop();
    const isTaken = agentOptions?.runtime !== 'docker' || (await isTakenBack({ dir, facts, agent: agentOptions }));
    await Promise.all([api?.stop(), engine?.stop()]);
    endShims(dir);
    await unmountOwn(dir);
    // What is left lies in that engine: the next stop tries once more, and the next start goes on with it.
    if (isTaken) forgetChoice(dir);
  };
  const isTakenBack = async (node: OwnNode): Promise<boolean> =>
    takeBackNode(node).then(
      () => true,
      (error: unknown) => {
        options.say(messageOf(error));
        return false;
      },
    );
  const { ctx: starting, controller } = childContext(ctx);
  const start = async (process: SupervisedProcess): Promise<void> => {
    started.push(process);
    await process.start(starting);
  };
  const api = start(new SupervisedProcess(apiSpec(dir, facts), options.say));
  const engine = options.runtime === 'docker' ? startEngine(dir, start, options, starting) : Promise.resolve(undefined);
  try {
    await Promise.all([api, engine]);
    options.say(`API ready at https://127.0.0.1:${facts.apiPort}`);
    const choice = await engine;
    agentOptions = { runtime: options.runtime, hollowNodes: options.hollowNodes, dockerSocket: choice?.socket };
    await start(new SupervisedProcess(agentSpec(dir, facts, agentOptions), options.say));
    const failed = Promise.race(started.map((process) => process.failed));
    failed.catch(() => {});
    return { engine: choice, failed, stop };
  } catch (error) {
    controller.abort(error);
    await Promise.allSettled([api, engine]);
    await stop().catch((fault) => options.say(`while stopping: ${fault}`));
    throw error;
  }
}

async function startEngine(
  dir: ClusterDir,
  start: (process: SupervisedProcess) => Promise<void>,
  options: RunOptions,
  ctx: Context,
): Promise<EngineChoice> {
  const isKept = hasChoice(dir);
  const choice = await chooseEngine(dir);
  keepChoice(dir, choice);
  if (choice.own) {
    const unused = isKept ? undefined : unusedHost();
    if (unused) options.say(unused);
    await start(engineOf(dir, options.say));
    options.say('started a Docker Engine of our own');
  } else {
    const wait = `the Docker Engine at ${choice.socket} does not answer yet`;
    const cancel = ctx.clock.after(slowStart, () => options.say(wait));
    await whenEngineAnswers(choice.socket, ctx).finally(cancel);
    options.say(`using the Docker Engine at ${choice.socket}: pods have its images, and the rest of it is left alone`);
  }
  return choice;
}

/** An own engine, to be started. */
export function engineOf(dir: ClusterDir, say: (line: string) => void): SupervisedProcess {
  const binary = dockerdFile();
  if (!binary) throw new Error('there is no dockerd to start an engine with: run apt-get install docker.io');
  return new SupervisedProcess(ownEngine(dir, binary), say);
}

/** A node of this machine, with the flags of its agent. */
interface OwnNode {
  readonly dir: ClusterDir;
  readonly facts: ClusterFacts;
  readonly agent: AgentOptions;
}

/** It takes this long at most. */
const teardownLimit: Milliseconds = 12_000;

/**
 * Containers, pod network, Service rules, volumes: the agent knows what is its own and removes exactly that. Throws where some of it is left.
 */
export async function takeBackNode({ dir, facts, agent }: OwnNode): Promise<void> {
  const child = spawn(process.execPath, [...agentArgs(dir, facts, agent), '--teardown'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: teardownLimit,
    // An impatient Ctrl-C is for `up` alone.
    detached: true,
    cwd: '/',
  });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const { promise, resolve, reject } = Promise.withResolvers<readonly [number | null, NodeJS.Signals | null]>();
  child.once('error', reject);
  child.once('close', (code, signal) => resolve([code, signal]));
  const [code, signal] = await promise;
  if (code === 0) return;
  const why = signal ? `it did not end within ${teardownLimit / 1000} s` : tellingLine(errors);
  throw new Error(`what the node made on this machine is not all taken back: ${why || `exit code ${code}`}`);
}

/** Ends what a killed `up` left running, but for the engine, whose containers are to be found again. */
export async function endLeftovers(dir: ClusterDir): Promise<void> {
  for (const part of ['agent', 'api'] as const) {
    for (let left = partOf(dir, part); left; left = partOf(dir, part)) await endProcess(left, 5000);
    forgetProcess(dir.pidFile(part));
  }
}
