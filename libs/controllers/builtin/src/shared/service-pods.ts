import type { Informer } from '@kubernest/client';
import type { Watch } from '@kubernest/controllers/engine';
import type { Pod, Service } from '@kubernest/kinds';
import { hasLabels, keyOf, type Labels } from '@kubernest/meta';
import { matching, meaning } from './matching.ts';
import { isTerminal } from './pods.ts';
import { refs } from './refs.ts';

/** Has a selector that this control plane follows; others are kept by people. */
export function hasSelector(service: Service): boolean {
  // An empty one means what has no labels, too. Not by its keys: to list those of a very wide one takes long, each time.
  return service.spec?.type !== 'ExternalName' && !hasLabels(selectorOf(service), none);
}

const none: Labels = {};
const selectorOf = (service: Service): Labels => (service.spec?.selector as Labels | undefined) ?? none;

export const isHeadless = (service: Service): boolean => service.spec?.clusterIP === 'None';

export function podsOf(service: Service, pods: Informer<Pod>): Promise<readonly Pod[]> {
  const selector = selectorOf(service);
  return matching(pods.list(service.metadata.namespace), (labels) => hasLabels(selector, labels));
}

/** Services that a pod is or was behind. */
export const podWatch: Watch<Pod> = {
  ref: refs.pods,
  *keys({ metadata: { namespace, labels } }, informers) {
    // Who selects the pod is asked first: a wide selector is not counted through for every pod.
    const isMeant = (service: Service) => hasLabels(selectorOf(service), labels) && hasSelector(service);
    const services = informers.of<Service>(refs.services).list(namespace);
    return (yield* meaning(services, { selectorOf, isMeant })).map(keyOf);
  },
};

/** An address can get traffic at some time: the pod has not ended. Pods on their way out only where asked for. */
export function belongsBehind(pod: Pod, terminatingToo: boolean): boolean {
  return !isTerminal(pod) && (terminatingToo || !pod.metadata.deletionTimestamp);
}

export interface ResolvedPort {
  readonly name?: string;
  readonly port: number;
  readonly protocol: string;
  readonly appProtocol?: string;
}

/** The service's ports as this pod has them: a named target port may be another number in each pod. One that the pod lacks is left out. */
export function portsFor(service: Service, pod: Pod): ResolvedPort[] {
  return (service.spec?.ports ?? []).flatMap((port) => {
    const protocol = port.protocol ?? 'TCP';
    const target = port.targetPort ?? port.port;
    const number = typeof target === 'number' ? target || port.port : namedPort(pod, String(target), protocol);
    if (number === undefined) return [];
    return [
      { name: port.name ?? '', port: number, protocol, ...(port.appProtocol ? { appProtocol: port.appProtocol } : {}) },
    ];
  });
}

/** The same for many pods: worked out once for all that call the same ports by the same names, who get one list. */
export function portsForEach(service: Service): (pod: Pod) => readonly ResolvedPort[] {
  const names = new Set(
    (service.spec?.ports ?? []).flatMap(({ targetPort, protocol = 'TCP' }) =>
      typeof targetPort === 'string' ? [`${protocol} ${targetPort}`] : [],
    ),
  );
  const known = new Map<string, readonly ResolvedPort[]>();
  return (pod) => {
    const called = names.size === 0 ? [] : [...namedPorts(pod)].filter(([name]) => names.has(name));
    const key = called
      .map(([name, port]) => `${name} ${port}`)
      .sort()
      .join();
    const ports = known.get(key) ?? portsFor(service, pod);
    known.set(key, ports);
    return ports;
  };
}

function namedPort(pod: Pod, name: string, protocol: string): number | undefined {
  if (/^\d+$/.test(name)) return Number(name);
  return namedPorts(pod).get(`${protocol} ${name}`);
}

function namedPorts(pod: Pod): ReadonlyMap<string, number> {
  let ports = portsByName.get(pod);
  if (!ports) {
    ports = indexPorts(pod);
    portsByName.set(pod, ports);
  }
  return ports;
}

/** A pod's named ports, laid out once: services look up as many as they have. Objects of a cache never change. */
const portsByName = new WeakMap<Pod, ReadonlyMap<string, number>>();

function indexPorts(pod: Pod): ReadonlyMap<string, number> {
  const sidecars = (pod.spec?.initContainers ?? []).filter(
    (container) => (container as { restartPolicy?: string }).restartPolicy === 'Always',
  );
  const ports = new Map<string, number>();
  for (const container of [...(pod.spec?.containers ?? []), ...sidecars]) {
    for (const { name, protocol = 'TCP', containerPort } of container.ports ?? []) {
      const key = `${protocol} ${name}`;
      // The first of a name is meant.
      if (name && !ports.has(key)) ports.set(key, containerPort);
    }
  }
  return ports;
}

/** The name DNS gives this pod under a headless service. */
export function hostnameOf(service: Service, pod: Pod): string | undefined {
  const { hostname, subdomain } = pod.spec ?? {};
  return hostname && subdomain === service.metadata.name ? hostname : undefined;
}

export const targetRefOf = ({ metadata: { namespace, name, uid } }: Pod) => ({ kind: 'Pod', namespace, name, uid });
