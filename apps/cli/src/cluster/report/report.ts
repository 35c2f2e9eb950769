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
import { contextName } from '../user-kubeconfig.ts';
import { faultReasons, serviceFaults } from './service-faults.ts';
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

/** Asks the files, the processes and the API. Rejects only when aborted. */
export async function reportOf(dir: ClusterDir, facts: ClusterFacts, ctx: Context): Promise<ClusterReport> {
  const session = lastSession(dir);
  const processes = processesOf(dir, session);
  const up = processes.some(({ name, pid }) => name === 'up' && pid !== undefined);
  const api = `https://127.0.0.1:${facts.apiPort}`;
  const ranges = rangesOf(facts);
  const fixed = {
    name: dir.name,
    dataDir: dir.path,
    store: facts.store,
    session,
    processes,
    api,
    dashboard: `${api}/ui/`,
    context: contextName(dir),
    ranges: {
      pods: ranges.podCidr,
      services: ranges.serviceCidr,
      nodePorts: nodePortsOf(facts.index, facts.nodePorts).all,
    },
  };
  try {
    const { nodes, pods, faults } = await askApi(adminClient(dir), ctx);
    const unwell = up
      ? [...endedWords(processes), ...unwellWords(nodes, pods, ctx.clock.now()), ...faults.map(({ words }) => words)]
      : [];
    return {
      ...fixed,
      state: up ? (unwell.length > 0 ? 'unwell' : 'running') : 'stopped',
      nodes: { well: nodes.filter(isReady).length, all: nodes.length },
      pods: { well: pods.filter(({ status }) => status?.phase === 'Running').length, all: pods.length },
      missingNodePorts: faults.filter(({ reason }) => reason === nodePortUnavailable).map(({ words }) => words),
      unwell,
    };
  } catch (error) {
    ctx.signal.throwIfAborted();
    const why = messageOf(error);
    const silent = error instanceof UnreachableError ? why : `the API at ${api} does not answer: ${why}`;
    return {
      ...fixed,
      state: up ? 'unwell' : 'stopped',
      missingNodePorts: [],
      unwell: up ? [...endedWords(processes), silent] : [],
    };
  }
}

function processesOf(dir: ClusterDir, session: Session | undefined): readonly ProcessReport[] {
  const engine = session?.runtime === 'hollow' ? [] : ['engine'];
  return ['up', 'api', 'agent', ...engine].map((name) => {
    const record = recordedProcess(dir.pidFile(name));
    return { name, pid: record?.pid, restarted: record?.restarted };
  });
}

/** A found engine is no process of ours. */
const endedWords = (processes: readonly ProcessReport[]): readonly string[] =>
  processes.filter(({ name, pid }) => pid === undefined && name !== 'engine').map(({ name }) => `${name} does not run`);

async function askApi(client: Client, ctx: Context) {
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
