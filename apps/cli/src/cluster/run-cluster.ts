import { spawn } from 'node:child_process';
import { type Context, childContext } from '@kubernest/kit';
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
import { endProcess, forgetProcess, recordedProcess } from './process-file.ts';
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
    if (agentOptions?.runtime === 'docker') await takeBackNode({ dir, facts, agent: agentOptions }, options.say);
    await Promise.all([api?.stop(), engine?.stop()]);
    endShims(dir);
    await unmountOwn(dir);
    forgetChoice(dir);
  };
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

/** Containers, pod network, Service rules, volumes: the agent knows what is its own and removes exactly that. */
export function takeBackNode({ dir, facts, agent }: OwnNode, say: (line: string) => void): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...agentArgs(dir, facts, agent), '--teardown'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 12_000,
      // An impatient Ctrl-C is for `up` alone.
      detached: true,
    });
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    child.once('error', (error) => {
      say(`could not clean up the node: ${error.message}`);
      resolve();
    });
    child.once('exit', (code) => {
      if (code !== 0) say(`cleaning up the node failed: ${errors.trim().split('\n').at(-1)}`);
      resolve();
    });
  });
}

/** Ends what a killed `up` left running, but for the engine, whose containers are to be found again. */
export async function endLeftovers(dir: ClusterDir): Promise<void> {
  for (const name of ['agent', 'api']) {
    const left = recordedProcess(dir.pidFile(name));
    if (left) await endProcess(left, 5000);
    forgetProcess(dir.pidFile(name));
  }
}
