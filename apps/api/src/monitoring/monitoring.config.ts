import { isIP } from 'node:net';
import type { Flag } from '@kubernest/process';
import type { RemoteComponent } from '../apiserver/apiserver.config.ts';
import { portOf } from '../config/flag-values.ts';

/** Where a process without the API server tells how it is. */
export interface MonitoringConfig {
  readonly address: string;
  /** 0: nowhere. */
  readonly port: number;
}

/** Those of Kubernetes' controller manager and scheduler. */
const ports: Readonly<Record<RemoteComponent, number>> = { controllers: 10257, scheduler: 10259 };

export const monitoringFlags = {
  'bind-address': {
    type: 'string',
    default: '127.0.0.1',
    value: 'ip',
    what: 'where /metrics and /healthz are, in a process without the API server',
  },
  'secure-port': {
    type: 'string',
    value: 'port',
    what: 'their port; 0: nowhere (default: 10257 where controllers run, else 10259)',
  },
} as const satisfies Readonly<Record<string, Flag>>;

interface Values {
  readonly 'bind-address': string;
  readonly 'secure-port'?: string | undefined;
}

export function readMonitoringConfig(component: RemoteComponent, values: Values): MonitoringConfig {
  const { 'bind-address': address, 'secure-port': port } = values;
  if (isIP(address) === 0) throw new Error(`--bind-address ${address}: an address of this machine`);
  return { address, port: port === undefined ? ports[component] : portOf(port, '--secure-port') };
}
