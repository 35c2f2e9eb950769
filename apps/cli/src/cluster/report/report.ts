import { type Client, UnreachableError } from '@kubernest/client';
import type { CoreEvent, Node, Pod, Service } from '@kubernest/kinds';
import { type Context, messageOf } from '@kubernest/kit';
import { nodePortUnavailable } from '@kubernest/proxy/contract';
import { adminClient } from '../admin-client.ts';
import type { ClusterDir, ClusterFacts } from '../cluster-dir.ts';
import { nodePortsOf } from '../node-ports.ts';
import { type ProcessRecord, recordedProcess } from '../process-file.ts';
import { rangesOf } from '../ranges.ts';
import { lastSession, type Session } from '../session.ts';
import { engineAdvice, type UsedEngine, usedEngine } from '../used-engine.ts';
import { contextName } from '../user-kubeconfig.ts';
import { faultReasons, type ServiceFault, serviceFaults } from './service-faults.ts';
import { isReady, unwellWords } from './unwell.ts';

/** One of the cluster's processes; without a pid it does not run. */
export interface ProcessReport {
  readonly name: string;
  readonly pid?: number;
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
    processes: processesOf(dir, session, foundEngine !== undefined),
    foundEngine,
    api,
    dashboard: `${api}/ui/`,
    context: contextName(dir),
    ranges: { pods, services, nodePorts: nodePortsOf(facts.index, facts.nodePorts).all },
  };
  const said = await Promise.try(() => askApi(adminClient(dir), ctx)).catch((error: unknown) => {
    ctx.signal.throwIfAborted();
    const why = messageOf(error);
    return { silent: error instanceof UnreachableError ? why : `the API at ${api} does not answer: ${why}` };
  });
  return judgeReport(known, said, ctx.clock.now());
}

/** How the cluster is, by what is known and what its API says. One that was stopped lacks nothing, whoever answers in its place. */
export function judgeReport(known: Known, said: Said, now: Date): ClusterReport {
  const isUp = known.processes.some(({ name, pid }) => name === 'up' && pid !== undefined);
  const ended = [...endedWords(known.processes), ...engineWords(known.foundEngine)];
  const judged = (words: readonly string[]): Pick<ClusterReport, 'state' | 'unwell'> => {
    const unwell = [...ended, ...words];
    return isUp ? { state: unwell.length > 0 ? 'unwell' : 'running', unwell } : { state: 'stopped', unwell: [] };
  };
  if ('silent' in said) return { ...known, ...judged([said.silent]), missingNodePorts: [] };
  const { nodes, pods, faults } = said;
  return {
    ...known,
    ...judged([...unwellWords(nodes, pods, now), ...faults.map(({ words }) => words)]),
    nodes: { well: nodes.filter(isReady).length, all: nodes.length },
    pods: { well: pods.filter(({ status }) => status?.phase === 'Running').length, all: pods.length },
    missingNodePorts: faults.filter(({ reason }) => reason === nodePortUnavailable).map(({ words }) => words),
  };
}

/** A found engine is no process of ours. */
function processesOf(dir: ClusterDir, session: Session | undefined, foundEngine: boolean): readonly ProcessReport[] {
  const engine = foundEngine || session?.runtime === 'hollow' ? [] : ['engine'];
  return ['up', 'api', 'agent', ...engine].map((name) => {
    const record = recordedProcess(dir.pidFile(name));
    return { name, pid: record?.pid, restarted: record?.restarted };
  });
}

const engineWords = (engine: UsedEngine | undefined): readonly string[] =>
  !engine || engine.answers ? [] : [`the Docker Engine at ${engine.socket} does not answer: ${engineAdvice}`];

/** An engine may be none of its own: that it is away, its node says. */
const endedWords = (processes: readonly ProcessReport[]): readonly string[] =>
  processes.filter(({ name, pid }) => pid === undefined && name !== 'engine').map(({ name }) => `${name} does not run`);

async function askApi(client: Client, ctx: Context): Promise<Said> {
  const core = <T extends Node | Pod | Service | CoreEvent>(resource: string) =>
    client.resource<T>({ group: '', version: 'v1', resource });
  const events = core<CoreEvent>('events');
  const [nodes, pods, ...told] = await Promise.all([
    core<Node>('nodes').list({}, ctx),
    core<Pod>('pods').list({}, ctx),
    ...faultReasons.map((reason) => events.list({ fieldSelector: `reason=${reason}` }, ctx)),
  ]);
  const about = told.flatMap(({ items }) => items);
  // Services are asked for only when there is such a word.
  const services = about.length > 0 ? (await core<Service>('services').list({}, ctx)).items : [];
  return { nodes: nodes.items, pods: pods.items, faults: serviceFaults(about, services, ctx.clock.now()) };
}
