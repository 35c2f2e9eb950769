import type { Pod, Service } from '@kubernest/kinds';

export interface PodFacts {
  readonly ip?: string | readonly string[];
  readonly ready?: boolean;
  readonly leaving?: boolean;
  readonly phase?: string;
  readonly node?: string;
  readonly ports?: readonly object[];
  readonly sidecarPorts?: readonly object[];
  readonly hostname?: string;
  readonly subdomain?: string;
}

export function podOf(name: string, facts: PodFacts = {}): Pod {
  const {
    ip = '10.0.0.1',
    ready = true,
    phase = 'Running',
    ports = [],
    sidecarPorts,
    node,
    hostname,
    subdomain,
  } = facts;
  const addresses = [ip].flat().map((one) => ({ ip: one }));
  return {
    metadata: {
      name,
      namespace: 'default',
      uid: `uid-${name}`,
      labels: { app: 'web' },
      ...(facts.leaving ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    spec: {
      nodeName: node,
      hostname,
      subdomain,
      containers: [{ name: 'c', ports }],
      ...(sidecarPorts ? { initContainers: [{ name: 's', restartPolicy: 'Always', ports: sidecarPorts }] } : {}),
    },
    status: {
      phase,
      podIP: addresses[0]?.ip,
      podIPs: addresses,
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: '2026-01-01T00:00:00Z' }],
    },
  } as unknown as Pod;
}

export const serviceOf = (spec: object = {}, labels?: Record<string, string>): Service =>
  ({
    metadata: { name: 'web', namespace: 'default', uid: 'uid-web', ...(labels ? { labels } : {}) },
    spec: {
      clusterIP: '10.96.0.9',
      ipFamilies: ['IPv4'],
      selector: { app: 'web' },
      ports: [{ port: 80, protocol: 'TCP' }],
      ...spec,
    },
  }) as unknown as Service;
