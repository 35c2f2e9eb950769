import { type Client, UnreachableError } from '@kubernest/client';
import type { Node, Pod } from '@kubernest/kinds';
import { type Context, messageOf, NoAnswerError } from '@kubernest/kit';
import { nodePortUnavailable } from '@kubernest/proxy/contract';
import { adminClient } from '../admin-client.ts';
import type { ClusterDir, ClusterFacts } from '../cluster-dir.ts';
import { supervisorOf } from '../holders.ts';
import { nodePortsOf } from '../node-ports.ts';
import { ownEngineFault } from '../own-engine.ts';
import { type Part, partOf } from '../parts.ts';
import { isSuspended, type ProcessRecord } from '../process-file.ts';
import { rangesOf } from '../ranges.ts';
import { lastSession, runtimeOf, type Session } from '../session.ts';
import { engineAdvice, type UsedEngine, usedEngine } from '../used-engine.ts';
import { contextName } from '../user-kubeconfig.ts';
import { fetchServiceFaults } from './fetch-service-faults.ts';
import type { ServiceFault } from './service-faults.ts';
import { isReady, isWell, unwellWords } from './unwell.ts';

/** One of the cluster's processes; without a pid it does not run. */
export interface ProcessReport {
  readonly name: string;
  readonly pid?: number;
  /** It was sent to sleep, and does nothing until it is woken. */
  readonly suspended?: true;
  readonly restarted?: ProcessRecord['restarted'];
}

/** What `kubernest status -o json` prints. */
export interface ClusterReport {
  readonly name: string;
  readonly dataDir: string;
  readonly state: 'running' | 'unwell' | 'stopped';
  readonly store: string;
  /** Of the last start. Absent for a cluster that an older version started. */
  readonly session?: Session;
  readonly processes: readonly ProcessReport[];
  /** One that was found and is used. */
  readonly foundEngine?: UsedEngine;
  /** What of its own engine does not answer though that runs. */
  readonly engineFault?: string;
  readonly api: string;
  readonly dashboard: string;
  readonly context: string;
  readonly ranges: { readonly pods: string; readonly services: string; readonly nodePorts: string };
  /** Absent while the API does not answer. */
  readonly nodes?: Tally;
  readonly pods?: Tally;
  /** Node ports that a program outside has. */
  readonly missingNodePorts: readonly string[];
  /** A sentence for each thing that is not as it should be. Empty while the cluster is stopped. */
  readonly unwell: readonly string[];
}

export interface Tally {
  readonly well: number;
  readonly all: number;
}

/** What does not change with what the API says. */
type Known = Omit<ClusterReport, 'state' | 'nodes' | 'pods' | 'missingNodePorts' | 'unwell'>;

/** What the API says, or why it says nothing. */
type Said =
  | { readonly nodes: readonly Node[]; readonly pods: readonly Pod[]; readonly faults: readonly ServiceFault[] }
  | { readonly silent: string };

/** Asks the files, the processes and the API. Rejects only when aborted. */
export async function reportOf(dir: ClusterDir, facts: ClusterFacts, ctx: Context): Promise<ClusterReport> {
  const session = lastSession(dir);
  const foundEngine = await usedEngine(dir);
  const api = `https://127.0.0.1:${facts.apiPort}`;
  const { podCidr: pods, serviceCidr: services } = rangesOf(facts);
  const known: Known = {
    name: dir.name,
    dataDir: dir.path,
    store: facts.store,
    session,
    processes: processesOf(dir, foundEngine !== undefined || runtimeOf(dir, facts) === 'hollow'),
    foundEngine,
    engineFault: await ownEngineFault(dir),
    api,
    dashboard: `${api}/ui/`,
    context: contextName(dir),
    ranges: { pods, services, nodePorts: nodePortsOf(facts.index, facts.nodePorts).all },
  };
  const said = await Promise.try(() => askApi(adminClient(dir), ctx)).catch((error: unknown) => {
    ctx.signal.throwIfAborted();
    const why = messageOf(error);
    return {
      silent:
        error instanceof UnreachableError || error instanceof NoAnswerError
          ? why
          : `the API at ${api} does not answer: ${why}`,
    };
  });
  return judgeReport(known, said, ctx.clock.now());
}

/**
 * How the cluster is, by what is known and what its API says. One that was stopped lacks nothing, whoever answers in its place; it was not
 * where a process of it goes on without its `up`.
 */
export function judgeReport(known: Known, said: Said, now: Date): ClusterReport {
  const isStopped = known.processes.every(({ pid }) => pid === undefined);
  const ended = [
    ...endedWords(known.processes),
    ...suspendedWords(known.processes),
    ...engineWords(known.foundEngine),
    ...(known.engineFault ? [known.engineFault] : []),
  ];
  const judged = (words: readonly string[]): Pick<ClusterReport, 'state' | 'unwell'> => {
    const unwell = [...ended, ...words];
    if (isStopped) return { state: 'stopped', unwell: [] };
    return { state: unwell.length > 0 ? 'unwell' : 'running', unwell };
  };
  if ('silent' in said) return { ...known, ...judged([said.silent]), missingNodePorts: [] };
  const { nodes, pods, faults } = said;
  return {
    ...known,
    ...judged([...unwellWords(nodes, pods, now), ...faults.map(({ words }) => words)]),
    nodes: { well: nodes.filter(isReady).length, all: nodes.length },
    pods: { well: pods.filter(isWell).length, all: pods.length },
    missingNodePorts: faults.filter(({ reason }) => reason === nodePortUnavailable).map(({ words }) => words),
  };
}

/** Each of its own processes; what nobody recorded is found by what it holds, or by its arguments. */
function processesOf(dir: ClusterDir, isWithoutEngine: boolean): readonly ProcessReport[] {
  const parts: readonly Part[] = isWithoutEngine ? ['api', 'agent'] : ['api', 'agent', 'engine'];
  const found = [['up', supervisorOf(dir)], ...parts.map((part) => [part, partOf(dir, part)] as const)] as const;
  return found.map(([name, record]) => ({
    name,
    pid: record?.pid,
    ...(record && isSuspended(record) ? { suspended: true } : {}),
    restarted: record?.restarted,
  }));
}

/** A found engine is no process of ours. */
function endedWords(processes: readonly ProcessReport[]): readonly string[] {
  const left = processes.filter(({ pid }) => pid !== undefined).map(({ name, pid }) => `${name} (pid ${pid})`);
  return processes
    .filter(({ name, pid }) => pid === undefined && name !== 'engine')
    .map(({ name }) => (name === 'up' ? unattendedWords(left) : `${name} does not run`));
}

/** Of a cluster whose `up` was killed. */
export const unattendedWords = (left: readonly string[]): string =>
  `up does not run, and nobody starts again what ends of ${left.join(', ')}: "up" takes over what is left, "down" stops it`;

const suspendedWords = (processes: readonly ProcessReport[]): readonly string[] =>
  processes.flatMap(({ name, pid, suspended }) =>
    suspended ? [`${name} is suspended and does nothing: wake it with kill -CONT ${pid}`] : [],
  );
const engineWords = (engine: UsedEngine | undefined): readonly string[] =>
  !engine || engine.answers ? [] : [`the Docker Engine at ${engine.socket} does not answer: ${engineAdvice}`];

async function askApi(client: Client, ctx: Context): Promise<Said> {
  const core = <T extends Node | Pod>(resource: string) => client.resource<T>({ group: '', version: 'v1', resource });
  const [nodes, pods, faults] = await Promise.all([
    core<Node>('nodes').list({}, ctx),
    core<Pod>('pods').list({}, ctx),
    fetchServiceFaults(client, ctx),
  ]);
  return { nodes: nodes.items, pods: pods.items, faults };
}
