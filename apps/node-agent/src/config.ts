import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Flag, flagsHelp, type LogLevel, logLevels, oneOf } from '@kubernest/process';

/** What every agent is told. */
interface Common {
  readonly kubeconfig: string;
  readonly dataDir: string;
  readonly clusterName: string;
  readonly logLevel: LogLevel;
}

/** A machine with a Docker Engine. */
export interface DockerConfig extends Common {
  readonly runtime: 'docker';
  readonly nodeName: string;
  readonly nodeIp: string;
  readonly logDir: string;
  readonly dockerSocket: string;
  readonly port: number;
  readonly clusterCidr: string;
  readonly serviceCidr: string;
  readonly clusterDns: string;
  readonly clusterDomain: string;
  readonly bridge: string;
  readonly chainPrefix: string;
  /** Take back what the agent made on the machine, and end. */
  readonly teardown: boolean;
}

/** Simulated machines. */
export interface HollowConfig extends Common {
  readonly runtime: 'hollow';
  readonly hollowNodes: number;
}

export type Config = DockerConfig | HollowConfig;

const flags = {
  runtime: { type: 'string', default: 'docker', value: 'runtime', what: 'what runs pods: docker or hollow' },
  kubeconfig: { type: 'string', value: 'file', what: "the agent's credential; must be given" },
  'data-dir': { type: 'string', value: 'dir', what: 'where its data lives; must be given' },
  'cluster-name': { type: 'string', default: 'default', value: 'name', what: "the cluster's name" },
  'node-name': { type: 'string', value: 'name', what: "the node's name; must be given with docker" },
  'node-ip': { type: 'string', value: 'ip', what: "the node's own address; must be given with docker" },
  'log-dir': { type: 'string', default: '/var/log', value: 'dir', what: 'where logs of pods lie' },
  'docker-socket': { type: 'string', default: '/var/run/docker.sock', value: 'file', what: 'of the Docker Engine' },
  port: { type: 'string', default: '10250', value: 'port', what: "port of the kubelet's own API" },
  'cluster-cidr': { type: 'string', default: '10.244.0.0/16', value: 'cidr', what: 'addresses of pods' },
  'service-cidr': { type: 'string', default: '10.96.0.0/16', value: 'cidr', what: 'addresses of Services' },
  'cluster-dns': {
    type: 'string',
    default: '10.96.0.10',
    value: 'ip',
    what: 'what pods ask for names once a Service has it',
  },
  'cluster-domain': { type: 'string', default: 'cluster.local', value: 'name', what: 'the domain of Services' },
  bridge: { type: 'string', default: 'kn-br0', value: 'name', what: 'the link that joins pods' },
  'chain-prefix': {
    type: 'string',
    default: 'KN',
    value: 'word',
    what: 'what the names of iptables chains begin with',
  },
  'hollow-nodes': { type: 'string', default: '1', value: 'count', what: 'simulated nodes with --runtime=hollow' },
  teardown: { type: 'boolean', default: false, what: 'take back what the agent made on the machine, and end' },
  'log-level': { type: 'string', default: 'info', value: 'level', what: `one of ${logLevels.join(', ')}` },
} as const satisfies Readonly<Record<string, Flag>>;

export const help = (): string => flagsHelp('agent', 'Run the node agent alone.', flags);

/** Reads the flags; throws one sentence that names the flag and what it wants. */
export function readConfig(args: readonly string[]): Config {
  const { values } = parseArgs({ args: [...args], options: flags, strict: true });
  const demand = (name: keyof typeof values): string => {
    const value = values[name];
    if (typeof value !== 'string' || value === '')
      throw new Error(`--${name} is missing: ${flags[name].what.replace('; must be given', '')}`);
    return value;
  };
  const common: Common = {
    kubeconfig: demand('kubeconfig'),
    dataDir: demand('data-dir'),
    clusterName: values['cluster-name'],
    logLevel: oneOf(values['log-level'], logLevels, '--log-level'),
  };
  if (values.runtime === 'hollow')
    return { ...common, runtime: 'hollow', hollowNodes: numberOf(values['hollow-nodes'], '--hollow-nodes', 100_000) };
  if (values.runtime !== 'docker') throw new Error(`--runtime ${values.runtime}: docker or hollow`);
  return {
    ...common,
    runtime: 'docker',
    nodeName: demand('node-name'),
    nodeIp: demand('node-ip'),
    logDir: values['log-dir'],
    dockerSocket: values['docker-socket'],
    port: numberOf(values.port, '--port', 65535),
    clusterCidr: values['cluster-cidr'],
    serviceCidr: values['service-cidr'],
    clusterDns: values['cluster-dns'],
    clusterDomain: values['cluster-domain'],
    bridge: values.bridge,
    chainPrefix: values['chain-prefix'],
    teardown: values.teardown,
  };
}

/** Where the kubelet's serving certificate lies: beside the kubeconfig. */
export const servingFile = (config: DockerConfig, suffix: 'crt' | 'key'): string =>
  join(config.kubeconfig, '..', `kubelet.${suffix}`);

/** The Service proxy's own identity: beside the kubeconfig, too. */
export const proxyKubeconfig = (config: DockerConfig): string => join(config.kubeconfig, '..', 'kube-proxy.kubeconfig');

function numberOf(text: string, flag: string, most: number): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) > most) throw new Error(`${flag} ${text}: a number from 0 to ${most}`);
  return Number(text);
}
