import { dirname, join } from 'node:path';
import { fileFault, makeFolder } from '@kubernest/process';
import type { ClusterDir, ClusterFacts } from './cluster-dir.ts';
import { nodeAddress } from './node-address.ts';
import { nodePortsOf } from './node-ports.ts';
import { rangesOf } from './ranges.ts';
import { type ProcessSpec, readyMessage } from './supervisor.ts';

/** The built program of that name: all programs lie beside this one. */
export function programFile(name: 'api' | 'node-agent'): string {
  return join(import.meta.dirname, `${name}.js`);
}

/** Of the one node with real containers. */
export const nodeNameOf = ({ name, nodeName }: ClusterFacts): string =>
  nodeName ?? (name === 'default' ? 'kubernest' : `kubernest-${name}`);

/** The control plane's flags: `kubernest server` takes the same. */
export function apiSpec(dir: ClusterDir, facts: ClusterFacts): ProcessSpec {
  const ranges = rangesOf(facts);
  const nodePorts = nodePortsOf(facts.index, facts.nodePorts);
  return {
    name: 'api',
    command: process.execPath,
    args: [
      '--enable-source-maps',
      programFile('api'),
      `--name=${dir.name}`,
      `--data-dir=${dir.path}`,
      `--store=${facts.store}`,
      `--sealing-key=${dir.sealingKey()}`,
      `--port=${facts.apiPort}`,
      `--advertise-address=${nodeAddress(facts)}`,
      `--cluster-cidr=${ranges.podCidr}`,
      `--service-cidr=${ranges.serviceCidr}`,
      `--node-ports=${nodePorts.all}`,
      ...(nodePorts.own ? [`--own-node-ports=${nodePorts.own}`] : []),
      `--admin-kubeconfig=${dir.adminKubeconfig()}`,
      `--agent-kubeconfig=${nodeNameOf(facts)}=${dir.agentKubeconfig()}`,
    ],
    pidFile: dir.pidFile('api'),
    logFile: dir.logFile('api'),
    stopGrace: 5000,
    beats: true,
    ready: readyMessage,
  };
}

export interface AgentOptions {
  readonly runtime: 'docker' | 'hollow';
  readonly hollowNodes: number;
  readonly dockerSocket: string | undefined;
}

/** The node agent's flags: `kubernest agent` takes the same. */
export function agentArgs(dir: ClusterDir, facts: ClusterFacts, options: AgentOptions): string[] {
  const ranges = rangesOf(facts);
  makeOwnFolder(dirname(dir.agentKubeconfig()));
  const common = [
    '--enable-source-maps',
    programFile('node-agent'),
    `--runtime=${options.runtime}`,
    `--kubeconfig=${options.runtime === 'hollow' ? dir.adminKubeconfig() : dir.agentKubeconfig()}`,
    `--data-dir=${dir.in('agent')}`,
    `--cluster-name=${dir.name}`,
  ];
  if (options.runtime === 'hollow') return [...common, `--hollow-nodes=${options.hollowNodes}`];
  return [
    ...common,
    `--node-name=${nodeNameOf(facts)}`,
    `--node-ip=${nodeAddress(facts)}`,
    `--log-dir=${dir.nodeLogDir()}`,
    `--docker-socket=${options.dockerSocket}`,
    `--port=${facts.kubeletPort}`,
    `--cluster-cidr=${ranges.podCidr}`,
    `--service-cidr=${ranges.serviceCidr}`,
    `--cluster-dns=${ranges.dnsAddress}`,
    '--cluster-domain=cluster.local',
    `--bridge=${ranges.bridge}`,
    `--chain-prefix=${ranges.chainPrefix}`,
  ];
}

function makeOwnFolder(path: string): void {
  try {
    makeFolder(path, 0o700);
  } catch (error) {
    throw new Error(`the folder ${path} cannot be made: ${fileFault(error)}`, { cause: error });
  }
}

export function agentSpec(dir: ClusterDir, facts: ClusterFacts, options: AgentOptions): ProcessSpec {
  return {
    name: 'agent',
    command: process.execPath,
    args: agentArgs(dir, facts, options),
    pidFile: dir.pidFile('agent'),
    logFile: dir.logFile('agent'),
    // What ignores the end of its exec session is killed after 5 s, by an agent that is still there.
    stopGrace: 15_000,
    beats: true,
    ready: readyMessage,
  };
}
