import { parseArgs } from 'node:util';
import type { RequestLimits } from '@kubernest/apiserver/engine';
import { parseDuration, parseIpv4Range } from '@kubernest/meta';
import { type Flag, flagsHelp, type LogLevel, logLevels, NoStoreError, storeAddresses } from '@kubernest/process';

export const componentNames = ['apiserver', 'controllers', 'scheduler', 'dashboard'] as const;
export type Component = (typeof componentNames)[number];

interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** The control plane's settings, checked once at start. */
export interface Config {
  readonly name: string;
  readonly dataDir: string;
  /** `sqlite`, or the addresses of etcd members. */
  readonly store: 'sqlite' | readonly string[];
  readonly sealingKey: string;
  readonly port: number;
  /** The node's own address: listened on beside loopback, and where pods reach the API. */
  readonly advertiseAddress: string;
  readonly clusterCidr: string;
  readonly serviceCidr: string;
  readonly nodePorts: PortRange;
  /** Within `nodePorts`: handed out first. */
  readonly ownNodePorts: PortRange | undefined;
  /** Where the administrator's kubeconfig is written; absent: nowhere. */
  readonly adminKubeconfig: string | undefined;
  /** Kubeconfigs of agents on this machine. */
  readonly agentKubeconfigs: readonly { readonly node: string; readonly file: string }[];
  readonly components: ReadonlySet<Component>;
  readonly limits: RequestLimits;
  readonly logLevel: LogLevel;
}

const flags = {
  name: { type: 'string', default: 'default', value: 'name', what: "the cluster's name" },
  'data-dir': { type: 'string', value: 'dir', what: 'where its data lives; must be given' },
  store: { type: 'string', default: 'sqlite', value: 'store', what: 'sqlite, or comma-separated etcd addresses' },
  'sealing-key': {
    type: 'string',
    value: 'file',
    what: 'seals the keys in the store (default: sealing.key in the data directory)',
  },
  port: { type: 'string', default: '6443', value: 'port', what: 'port of the API' },
  'advertise-address': {
    type: 'string',
    value: 'ip',
    what: "the node's own address, listened on beside loopback; must be given",
  },
  'cluster-cidr': { type: 'string', default: '10.244.0.0/16', value: 'cidr', what: 'addresses of pods' },
  'service-cidr': { type: 'string', default: '10.96.0.0/16', value: 'cidr', what: 'addresses of Services' },
  'node-ports': { type: 'string', default: '30000-32767', value: 'range', what: 'node ports of Services' },
  'own-node-ports': {
    type: 'string',
    value: 'range',
    what: 'those of them that are handed out first, apart from those of other clusters on the machine',
  },
  'admin-kubeconfig': { type: 'string', value: 'file', what: "write the administrator's kubeconfig there" },
  'agent-kubeconfig': {
    type: 'string',
    multiple: true,
    default: [] as string[],
    value: 'node=file',
    what: 'write the kubeconfig of an agent on this machine there; may be repeated',
  },
  components: { type: 'string', default: componentNames.join(','), value: 'names', what: 'the parts that run' },
  'max-requests-inflight': {
    type: 'string',
    default: '400',
    value: 'count',
    what: 'requests that read, worked on at once; 0: any number',
  },
  'max-mutating-requests-inflight': {
    type: 'string',
    default: '200',
    value: 'count',
    what: 'requests that change something, worked on at once; 0: any number',
  },
  'request-timeout': {
    type: 'string',
    default: '1m0s',
    value: 'duration',
    what: 'after that a request is given up, but for watches, sessions, logs and proxies',
  },
  'log-level': { type: 'string', default: 'info', value: 'level', what: `one of ${logLevels.join(', ')}` },
} as const satisfies Readonly<Record<string, Flag>>;

export const help = (): string => flagsHelp('kubernest server', 'Run the control plane alone.', flags);

/** Reads the flags; throws one sentence that names the flag and what it wants. */
export function readConfig(args: readonly string[]): Config {
  const { values } = parseArgs({ args: [...args], options: flags, strict: true });
  const dataDir = demand(values['data-dir'], '--data-dir', 'a directory');
  return {
    name: values.name,
    dataDir,
    store: storeOf(values.store),
    sealingKey: values['sealing-key'] ?? `${dataDir}/sealing.key`,
    port: portOf(values.port),
    advertiseAddress: demand(values['advertise-address'], '--advertise-address', "the node's own IP address"),
    clusterCidr: cidrOf(values['cluster-cidr'], '--cluster-cidr'),
    serviceCidr: cidrOf(values['service-cidr'], '--service-cidr'),
    ...nodePortsOf(values['node-ports'], values['own-node-ports']),
    adminKubeconfig: values['admin-kubeconfig'],
    agentKubeconfigs: values['agent-kubeconfig'].map(agentOf),
    components: componentsOf(values.components),
    limits: {
      readOnlyInFlight: countOf(values['max-requests-inflight'], '--max-requests-inflight'),
      mutatingInFlight: countOf(values['max-mutating-requests-inflight'], '--max-mutating-requests-inflight'),
      timeout: timeoutOf(values['request-timeout']),
    },
    logLevel: oneOf(values['log-level'], logLevels, '--log-level'),
  };
}

function demand(value: string | undefined, flag: string, what: string): string {
  if (!value) throw new Error(`${flag} is missing: ${what}`);
  return value;
}

function storeOf(text: string): Config['store'] {
  try {
    const addresses = storeAddresses(text);
    return addresses.length === 0 ? 'sqlite' : addresses;
  } catch (error) {
    if (!(error instanceof NoStoreError) || error.holdsSecret) throw error;
    throw new Error(`--store ${text}: ${error.message}`, { cause: error });
  }
}

function oneOf<T extends string>(value: string, allowed: readonly T[], flag: string): T {
  if (!allowed.includes(value as T)) throw new Error(`${flag} ${value}: one of ${allowed.join(', ')}`);
  return value as T;
}

function portOf(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65535) throw new Error(`--port ${text}: a number from 0 to 65535`);
  return Number(text);
}

function countOf(text: string, flag: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${flag} ${text}: a number, 0 or more`);
  return Number(text);
}

function timeoutOf(text: string): number {
  const span = parseDuration(text);
  if (!span || span < 0) throw new Error(`--request-timeout ${text}: a length of time such as 1m0s`);
  return span;
}

function cidrOf(text: string, flag: string): string {
  if (!parseIpv4Range(text)) throw new Error(`${flag} ${text}: an IPv4 range such as 10.96.0.0/16`);
  return text;
}

function nodePortsOf(all: string, own: string | undefined): Pick<Config, 'nodePorts' | 'ownNodePorts'> {
  const nodePorts = portsOf(all, '--node-ports');
  const ownNodePorts = own === undefined ? undefined : portsOf(own, '--own-node-ports');
  if (ownNodePorts && (ownNodePorts.from < nodePorts.from || ownNodePorts.to > nodePorts.to))
    throw new Error(`--own-node-ports ${own}: a part of --node-ports ${all}`);
  return { nodePorts, ownNodePorts };
}

function portsOf(text: string, flag: string): PortRange {
  const [, from = 0, to = 0] = (/^(\d{1,5})-(\d{1,5})$/.exec(text) ?? []).map(Number);
  if (!(from > 0 && to >= from && to <= 65535)) throw new Error(`${flag} ${text}: a range such as 30000-32767`);
  return { from, to };
}

/** No name of a node has an equals sign; a path may have many. */
function agentOf(text: string): { node: string; file: string } {
  const [, node, file] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (!node || !file) throw new Error(`--agent-kubeconfig ${text}: NODE=FILE`);
  return { node, file };
}

function componentsOf(text: string): ReadonlySet<Component> {
  return new Set(text.split(',').map((name) => oneOf(name, componentNames, '--components')));
}
