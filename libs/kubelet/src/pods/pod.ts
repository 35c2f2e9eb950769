import type { Container, Pod } from '../types.ts';

export type ContainerKind = 'init' | 'app';

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

/** Every container in start order. */
export function containersOf(pod: Pod): readonly PodContainer[] {
  return [
    ...(pod.spec?.initContainers ?? []).map((c) => ({ container: c, kind: 'init' as const, sidecar: isSidecar(c) })),
    ...(pod.spec?.containers ?? []).map((c) => ({ container: c, kind: 'app' as const, sidecar: false })),
  ];
}

export function restartPolicyOf(pod: Pod, entry: PodContainer): 'Always' | 'OnFailure' | 'Never' {
  if (entry.sidecar) return 'Always';
  const policy = pod.spec?.restartPolicy ?? 'Always';
  // An init container that succeeded is done, whatever the pod's policy.
  if (entry.kind === 'init') return policy === 'Never' ? 'Never' : 'OnFailure';
  return policy as 'Always' | 'OnFailure' | 'Never';
}

export function identityOf(pod: Pod): { uid: string; name: string; namespace: string } {
  return { uid: uidOf(pod), name: pod.metadata.name ?? '', namespace: pod.metadata.namespace ?? '' };
}

/** How long the pod may take to stop, in seconds. */
export function gracePeriodOf(pod: Pod): number {
  return pod.metadata.deletionGracePeriodSeconds ?? pod.spec?.terminationGracePeriodSeconds ?? 30;
}
