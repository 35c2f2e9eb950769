import type { ContainerConfig, PodIdentity, SandboxConfig } from '@kubernest/runtime/contract';

/** Whose containers these are: two clusters, or two nodes, on one engine never see each other's. */
export interface Owner {
  readonly cluster: string;
  readonly node: string;
}

type Labels = Readonly<Record<string, string>>;

const own = {
  cluster: 'io.kubernest.cluster',
  node: 'io.kubernest.node',
  type: 'io.kubernest.type',
  labels: 'io.kubernest.labels',
  annotations: 'io.kubernest.annotations',
  attempt: 'io.kubernest.attempt',
  kind: 'io.kubernest.container.kind',
  image: 'io.kubernest.container.image',
} as const;

/** The names that log agents and `docker ps` scripts know from Kubernetes with Docker. */
const pod = {
  name: 'io.kubernetes.pod.name',
  namespace: 'io.kubernetes.pod.namespace',
  uid: 'io.kubernetes.pod.uid',
} as const;
const containerName = 'io.kubernetes.container.name';
const sandboxId = 'io.kubernetes.sandbox.id';
const dockerType = 'io.kubernetes.docker.type';

const ownerLabels = (owner: Owner): Labels => ({ [own.cluster]: owner.cluster, [own.node]: owner.node });

const podLabels = (identity: PodIdentity): Labels => ({
  [pod.name]: identity.name,
  [pod.namespace]: identity.namespace,
  [pod.uid]: identity.uid,
});

/** Label filters of the engine's list and event calls. */
export const ownerFilter = (owner: Owner): string[] => Object.entries(ownerLabels(owner)).map(([k, v]) => `${k}=${v}`);

/** The same, and one pod. */
export const podFilter = (owner: Owner, uid: string): string[] => [...ownerFilter(owner), `${pod.uid}=${uid}`];

/** A pod's own labels and annotations travel as JSON, so that none can pretend to be one of ours. */
export function sandboxLabels(config: SandboxConfig, owner: Owner): Labels {
  return {
    ...ownerLabels(owner),
    ...podLabels(config.pod),
    [containerName]: 'POD',
    [dockerType]: 'podsandbox',
    [own.type]: 'sandbox',
    [own.attempt]: String(config.attempt),
    [own.labels]: JSON.stringify(config.labels),
    [own.annotations]: JSON.stringify(config.annotations),
  };
}

export function containerLabels(config: ContainerConfig, owner: Owner): Labels {
  return {
    ...ownerLabels(owner),
    ...podLabels(config.pod),
    [containerName]: config.name,
    [sandboxId]: config.sandboxId,
    [dockerType]: 'container',
    [own.type]: 'container',
    [own.attempt]: String(config.attempt),
    [own.kind]: config.kind,
    [own.image]: config.image,
    [own.labels]: JSON.stringify(config.labels),
    [own.annotations]: JSON.stringify(config.annotations),
  };
}

export interface ParsedLabels {
  readonly type: 'sandbox' | 'container';
  readonly pod: PodIdentity;
  readonly attempt: number;
  readonly name: string;
  readonly sandboxId: string;
  readonly kind: ContainerConfig['kind'];
  readonly image: string;
  readonly labels: Labels;
  readonly annotations: Labels;
}

/** Undefined for what is not ours. */
export function parseLabels(labels: Labels, owner: Owner): ParsedLabels | undefined {
  if (labels[own.cluster] !== owner.cluster || labels[own.node] !== owner.node) return undefined;
  const type = labels[own.type];
  if (type !== 'sandbox' && type !== 'container') return undefined;
  const kind = labels[own.kind];
  return {
    type,
    pod: {
      uid: labels[pod.uid] ?? '',
      name: labels[pod.name] ?? '',
      namespace: labels[pod.namespace] ?? '',
    },
    attempt: Number(labels[own.attempt] ?? 0),
    name: labels[containerName] ?? '',
    sandboxId: labels[sandboxId] ?? '',
    kind: kind === 'init' || kind === 'ephemeral' ? kind : 'app',
    image: labels[own.image] ?? '',
    labels: parseMap(labels[own.labels]),
    annotations: parseMap(labels[own.annotations]),
  };
}

/** `namespace/name`, whosesoever cluster it is of. */
export const podNameOf = (labels: Labels): string | undefined =>
  labels[pod.name] && `${labels[pod.namespace]}/${labels[pod.name]}`;

export const podUidOf = (labels: Labels): string | undefined => labels[pod.uid];

/** The name that Kubernetes with Docker gave its containers; foreign tools take it apart at the underscores. */
export function engineName(container: string, identity: PodIdentity, attempt: number): string {
  return `k8s_${container}_${identity.name}_${identity.namespace}_${identity.uid}_${attempt}`;
}

function parseMap(json: string | undefined): Labels {
  if (json === undefined) return {};
  try {
    return JSON.parse(json) as Labels;
  } catch {
    return {};
  }
}
