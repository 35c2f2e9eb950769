import type { parseArgs } from 'node:util';
import type { RequestLimits } from '@kubernest/apiserver/contract';
import { type Flag, oneOf } from '@kubernest/process';
import {
  cidrOf,
  countOf,
  demand,
  namedFileOf,
  type PortRange,
  portOf,
  portsOf,
  spanOf,
} from '../config/flag-values.ts';
import { type StoreConfig, storeFlags, storeOf } from '../store/store.config.ts';

/** Those that may run elsewhere, and then need a credential of their own. */
export const remoteComponents = ['controllers', 'scheduler'] as const;
export type RemoteComponent = (typeof remoteComponents)[number];

export interface ApiserverConfig extends StoreConfig {
  readonly sealingKey: string;
  readonly port: number;
  /** The node's own address: listened on beside loopback, and where pods reach the API. */
  readonly advertiseAddress: string;
  readonly serviceCidr: string;
  readonly nodePorts: PortRange;
  /** Within `nodePorts`: handed out first. */
  readonly ownNodePorts: PortRange | undefined;
  /** Where the administrator's kubeconfig is written; absent: nowhere. */
  readonly adminKubeconfig: string | undefined;
  /** Kubeconfigs of agents on this machine. */
  readonly agentKubeconfigs: readonly { readonly node: string; readonly file: string }[];
  /** Kubeconfigs of components that run in a process of their own. */
  readonly componentKubeconfigs: readonly { readonly component: RemoteComponent; readonly file: string }[];
  readonly limits: RequestLimits;
}

export const apiserverFlags = {
  ...storeFlags,
  'sealing-key': {
    type: 'string',
    value: 'file',
    what: 'seals the keys in the store (default: sealing.key in the data directory)',
  },
  port: { type: 'string', default: '6443', value: 'port', what: 'port of the API' },
  'advertise-address': {
    type: 'string',
    value: 'ip',
    what: "the node's own address, listened on beside loopback; must be given where the API server runs",
  },
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
  'component-kubeconfig': {
    type: 'string',
    multiple: true,
    default: [] as string[],
    value: 'component=file',
    what: 'write the kubeconfig of controllers or scheduler there, which run in a process of their own; may be repeated',
  },
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
} as const satisfies Readonly<Record<string, Flag>>;

type Values = ReturnType<typeof parseArgs<{ options: typeof apiserverFlags }>>['values'];

export function readApiserverConfig(name: string, dataDir: string, values: Values): ApiserverConfig {
  return {
    name,
    dataDir,
    store: storeOf(values.store),
    sealingKey: values['sealing-key'] ?? `${dataDir}/sealing.key`,
    port: portOf(values.port, '--port'),
    advertiseAddress: demand(values['advertise-address'], '--advertise-address', "the node's own IP address"),
    serviceCidr: cidrOf(values['service-cidr'], '--service-cidr'),
    ...nodePortsOf(values['node-ports'], values['own-node-ports']),
    adminKubeconfig: values['admin-kubeconfig'],
    agentKubeconfigs: values['agent-kubeconfig'].map((text) => {
      const { name: node, file } = namedFileOf(text, '--agent-kubeconfig');
      return { node, file };
    }),
    componentKubeconfigs: values['component-kubeconfig'].map((text) => {
      const { name: component, file } = namedFileOf(text, '--component-kubeconfig');
      return { component: oneOf(component, remoteComponents, '--component-kubeconfig'), file };
    }),
    limits: {
      readOnlyInFlight: countOf(values['max-requests-inflight'], '--max-requests-inflight'),
      mutatingInFlight: countOf(values['max-mutating-requests-inflight'], '--max-mutating-requests-inflight'),
      timeout: spanOf(values['request-timeout'], '--request-timeout'),
    },
  };
}

function nodePortsOf(all: string, own: string | undefined): Pick<ApiserverConfig, 'nodePorts' | 'ownNodePorts'> {
  const nodePorts = portsOf(all, '--node-ports');
  const ownNodePorts = own === undefined ? undefined : portsOf(own, '--own-node-ports');
  if (ownNodePorts && (ownNodePorts.from < nodePorts.from || ownNodePorts.to > nodePorts.to))
    throw new Error(`--own-node-ports ${own}: a part of --node-ports ${all}`);
  return { nodePorts, ownNodePorts };
}
