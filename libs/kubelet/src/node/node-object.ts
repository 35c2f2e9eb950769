import { wireTime } from '@kubernest/meta';
import type { Node, NodeCondition, NodeStatus } from '../types.ts';
import type { MachineFacts } from './node-facts.ts';

export interface NodeFacts {
  readonly name: string;
  readonly ips: readonly string[];
  readonly port: number;
  readonly maxPods: number;
  readonly machine: MachineFacts;
  /** Why the node cannot run pods; empty: it can. */
  readonly problems: readonly string[];
  readonly version: string;
  readonly now: Date;
}

const MEMORY_RESERVE = 100 * 2 ** 20;
const DISK_RESERVE = 0.1;

export function nodeLabels(facts: Pick<NodeFacts, 'name' | 'machine'>): Record<string, string> {
  const { architecture } = facts.machine;
  return {
    'kubernetes.io/hostname': facts.name,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': architecture,
    'beta.kubernetes.io/os': 'linux',
    'beta.kubernetes.io/arch': architecture,
  };
}

/** The status that a machine in this state should show. Pure. */
export function nodeStatus(facts: NodeFacts, before: NodeStatus | undefined): NodeStatus {
  const { machine } = facts;
  const ki = (bytes: number): string => `${Math.floor(bytes / 1024)}Ki`;
  const common = { cpu: String(machine.cpus), 'hugepages-1Gi': '0', 'hugepages-2Mi': '0', pods: String(facts.maxPods) };
  return {
    capacity: { ...common, memory: ki(machine.memoryBytes), 'ephemeral-storage': ki(machine.diskBytes) },
    allocatable: {
      ...common,
      memory: ki(machine.memoryBytes - MEMORY_RESERVE),
      'ephemeral-storage': String(Math.floor(machine.diskBytes * (1 - DISK_RESERVE))),
    },
    addresses: [
      ...facts.ips.map((address) => ({ type: 'InternalIP', address })),
      { type: 'Hostname', address: facts.name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: facts.port } },
    nodeInfo: {
      architecture: machine.architecture,
      bootID: machine.bootID,
      machineID: machine.machineID,
      systemUUID: machine.systemUUID,
      kernelVersion: machine.runtime?.kernelVersion ?? '',
      operatingSystem: 'linux',
      osImage: machine.runtime?.operatingSystem ?? 'Linux',
      containerRuntimeVersion: machine.runtime ? `${machine.runtime.name}://${machine.runtime.version}` : '',
      kubeletVersion: facts.version,
      kubeProxyVersion: '',
    },
    images: machine.images.map((i) => ({ names: [...i.names], sizeBytes: i.sizeBytes })),
    conditions: conditions(facts, before?.conditions ?? []),
  };
}

function conditions(facts: NodeFacts, before: readonly NodeCondition[]): NodeCondition[] {
  const { machine } = facts;
  const pressure = (type: string, pressed: boolean, bad: [string, string], good: [string, string]) => {
    const [reason, message] = pressed ? bad : good;
    return { type, status: pressed ? 'True' : 'False', reason, message } as const;
  };
  const drafts = [
    pressure(
      'MemoryPressure',
      machine.memoryAvailableBytes < MEMORY_RESERVE,
      ['KubeletHasInsufficientMemory', 'kubelet has insufficient memory available'],
      ['KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
    ),
    pressure(
      'DiskPressure',
      machine.diskAvailableBytes < machine.diskBytes * DISK_RESERVE,
      ['KubeletHasDiskPressure', 'kubelet has disk pressure'],
      ['KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
    ),
    pressure(
      'PIDPressure',
      machine.pids > machine.pidsMax * 0.98,
      ['KubeletHasInsufficientPID', 'kubelet has insufficient PID available'],
      ['KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
    ),
    facts.problems.length === 0
      ? { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' }
      : { type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: facts.problems.join(', ') },
  ];
  return drafts.map((draft) => {
    const old = before.find((c) => c.type === draft.type);
    const now = wireTime(facts.now);
    return {
      ...draft,
      lastHeartbeatTime: now,
      lastTransitionTime: old?.status === draft.status ? old.lastTransitionTime : now,
    } as NodeCondition;
  });
}

/** Does the new status say more than that time went by? Figures that wander (images, free space) count only with `conditions`. */
export function sameButForTime(a: NodeStatus | undefined, b: NodeStatus): boolean {
  const bare = (status: NodeStatus | undefined): string => {
    const { conditions: list, ...rest } = status ?? {};
    const fields = ['capacity', 'allocatable', 'addresses', 'daemonEndpoints', 'nodeInfo', 'images'] as const;
    const own = (list ?? [])
      .filter((c) => ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'].includes(c.type))
      .map((c) => [c.type, c.status, c.reason, c.message]);
    return JSON.stringify([fields.map((f) => sorted((rest as NodeStatus)[f])), own.sort()]);
  };
  return bare(a) === bare(b);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .sort(([x], [y]) => (x < y ? -1 : 1))
      .map(([k, v]) => [k, sorted(v)]),
  );
}

export function newNode(facts: NodeFacts): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: facts.name, labels: nodeLabels(facts) },
    spec: {},
    status: nodeStatus(facts, undefined),
  };
}
