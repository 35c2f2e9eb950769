import type { Container, ContainerStatus, Pod } from '../types.ts';

export type ContainerKind = 'init' | 'app' | 'ephemeral';

export interface PodContainer {
  readonly container: Container;
  readonly kind: ContainerKind;
  /** An init container that keeps running beside the others (`restartPolicy: Always`). */
  readonly sidecar: boolean;
}

/** `name_namespace(uid)`: how Kubernetes names a pod in messages. */
export function podLabel(pod: Pod): string {
  return `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
}

export const uidOf = (pod: Pod): string => pod.metadata.uid ?? '';

export const isTerminal = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

export const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';

/** Those that a pod is made of, in start order. */
export const plannedContainersOf = (pod: Pod): readonly PodContainer[] =>
  containersOf(pod).filter((entry) => entry.kind !== 'ephemeral');

/** Every container in start order; ephemeral ones start whenever they come. */
export function containersOf(pod: Pod): readonly PodContainer[] {
  return [
    ...(pod.spec?.initContainers ?? []).map((c) => ({ container: c, kind: 'init' as const, sidecar: isSidecar(c) })),
    ...(pod.spec?.containers ?? []).map((c) => ({ container: c, kind: 'app' as const, sidecar: false })),
    ...(pod.spec?.ephemeralContainers ?? []).map((c) => ({ container: c, kind: 'ephemeral' as const, sidecar: false })),
  ];
}

const containers = new WeakMap<object, ReadonlyMap<string, PodContainer>>();

/** One of them, whichever kind it is of. */
export function containerOf(pod: Pod, name: string | undefined): PodContainer | undefined {
  if (!pod.spec || name === undefined) return undefined;
  let byName = containers.get(pod.spec);
  if (!byName) {
    byName = new Map(containersOf(pod).map((entry) => [entry.container.name, entry]));
    containers.set(pod.spec, byName);
  }
  return byName.get(name);
}

/** How events name a container of a pod. */
export const fieldPathOf = ({ kind, container }: PodContainer): string =>
  `spec.${{ init: 'initContainers', app: 'containers', ephemeral: 'ephemeralContainers' }[kind]}{${container.name}}`;

type RestartPolicy = 'Always' | 'OnFailure' | 'Never';

function restartPolicyOf(pod: Pod, { container, kind, sidecar }: PodContainer): RestartPolicy {
  if (sidecar) return 'Always';
  if (kind === 'ephemeral') return 'Never';
  const policy = (container.restartPolicy ?? pod.spec?.restartPolicy ?? 'Always') as RestartPolicy;
  // An init container that succeeded is done, whatever the pod's policy.
  return kind === 'init' && policy === 'Always' ? 'OnFailure' : policy;
}

interface RestartRule {
  readonly action: string;
  readonly exitCodes?: { readonly operator: string; readonly values?: readonly number[] };
}

/** How a container ended. */
export interface End {
  readonly exitCode: number;
  readonly oomKilled: boolean;
}

/** compat: an init container of which something was killed for want of memory has failed, whatever it says itself; others are believed. */
export const endedWell = ({ kind, sidecar }: PodContainer, { exitCode, oomKilled }: End): boolean =>
  exitCode === 0 && !(oomKilled && kind === 'init' && !sidecar);

/** Whether a container that ended so is started again: its own rules first, then its or its pod's policy. */
export function restartsAfter(pod: Pod, entry: PodContainer, end: End): boolean {
  const { exitCode } = end;
  const { restartPolicyRules = [] } = entry.container as { restartPolicyRules?: readonly RestartRule[] };
  const matches = ({ exitCodes }: RestartRule): boolean =>
    exitCodes !== undefined && (exitCodes.values ?? []).includes(exitCode) === (exitCodes.operator === 'In');
  if (restartPolicyRules.some(matches)) return true;
  const policy = restartPolicyOf(pod, entry);
  return policy === 'Always' || (policy === 'OnFailure' && !endedWell(entry, end));
}

export function identityOf(pod: Pod): { uid: string; name: string; namespace: string } {
  return { uid: uidOf(pod), name: pod.metadata.name ?? '', namespace: pod.metadata.namespace ?? '' };
}

/** How long the pod may take to stop, in seconds. */
export function gracePeriodOf(pod: Pod): number {
  return pod.metadata.deletionGracePeriodSeconds ?? pod.spec?.terminationGracePeriodSeconds ?? 30;
}

/** Asked of each container of a pod, which may be very many. */
const statuses = new WeakMap<object, ReadonlyMap<string, ContainerStatus>>();

/** What the API last showed of a container. */
export function statusOf({ status }: Pod, name: string): ContainerStatus | undefined {
  if (!status) return undefined;
  let byName = statuses.get(status);
  if (!byName) {
    byName = statusesByName(status);
    statuses.set(status, byName);
  }
  return byName.get(name);
}

function statusesByName(status: NonNullable<Pod['status']>): ReadonlyMap<string, ContainerStatus> {
  const { initContainerStatuses = [], containerStatuses = [], ephemeralContainerStatuses = [] } = status;
  const all = [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses];
  // The first of a name counts.
  return new Map(all.toReversed().map((each) => [each.name, each]));
}
