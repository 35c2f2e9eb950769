import type { KubeObject, WireTime } from '@kubernest/meta';
import type { ContainerStatus, Pod, PodCondition, PodStatus } from 'kubernetes-types/core/v1.js';

export type PodObject = Pod & KubeObject;

/** As a Node's or a Pod's status tells. */
export const isReady = (
  told: { readonly conditions?: readonly { type: string; status: string }[] } | undefined,
): boolean => told?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

/** What a simulated kubelet does next with a pod. */
export type Step =
  | { readonly do: 'nothing' }
  | { readonly do: 'remove' }
  | { readonly do: 'report'; readonly status: PodStatus };

/**
 * A simulated pod's life as a table: bound → running and ready; marked for deletion → removed. Pure. A pod that is to run to its end
 * (restart policy other than Always) succeeds once it ran. One that was called unready with its node is ready again.
 */
export function nextStep(
  pod: PodObject,
  facts: { readonly hostIP: string; readonly podIP: string; readonly now: WireTime },
): Step {
  if (pod.metadata.deletionTimestamp) return { do: 'remove' };
  const phase = pod.status?.phase;
  if (phase === 'Succeeded' || phase === 'Failed') return { do: 'nothing' };
  if (phase === 'Running') {
    if (pod.spec?.restartPolicy !== 'Always') return { do: 'report', status: succeeded(pod, facts.now) };
    if (isReady(pod.status)) return { do: 'nothing' };
    return { do: 'report', status: { ...pod.status, conditions: conditions(pod, facts.now, 'True') } };
  }
  return { do: 'report', status: running(pod, facts) };
}

function running(
  pod: PodObject,
  { hostIP, podIP, now }: { readonly hostIP: string; readonly podIP: string; readonly now: WireTime },
): PodStatus {
  const address = pod.spec?.hostNetwork ? hostIP : podIP;
  return {
    phase: 'Running',
    hostIP,
    podIP: address,
    podIPs: [{ ip: address }],
    startTime: now,
    qosClass: pod.status?.qosClass,
    conditions: conditions(pod, now, 'True'),
    containerStatuses: (pod.spec?.containers ?? []).map((c) => status(pod, c, { running: { startedAt: now } }, true)),
    initContainerStatuses: (pod.spec?.initContainers ?? []).map((c) =>
      status(pod, c, { terminated: { exitCode: 0, reason: 'Completed', startedAt: now, finishedAt: now } }, true),
    ),
  };
}

function succeeded(pod: PodObject, now: WireTime): PodStatus {
  return {
    ...pod.status,
    phase: 'Succeeded',
    conditions: conditions(pod, now, 'False', 'PodCompleted'),
    containerStatuses: (pod.spec?.containers ?? []).map((c) =>
      status(
        pod,
        c,
        { terminated: { exitCode: 0, reason: 'Completed', startedAt: pod.status?.startTime, finishedAt: now } },
        false,
      ),
    ),
  };
}

function conditions(pod: PodObject, now: WireTime, ready: 'True' | 'False', reason?: string): PodCondition[] {
  const scheduled = pod.status?.conditions?.find((c) => c.type === 'PodScheduled');
  const of = (type: string, value: string): PodCondition => ({
    type,
    status: value,
    lastTransitionTime: now,
    ...(value === 'False' && reason ? { reason } : {}),
  });
  return [
    of('PodReadyToStartContainers', ready),
    of('Initialized', 'True'),
    of('Ready', ready),
    of('ContainersReady', ready),
    scheduled ?? of('PodScheduled', 'True'),
  ];
}

function status(
  pod: PodObject,
  container: { readonly name: string; readonly image?: string },
  state: ContainerStatus['state'],
  ready: boolean,
): ContainerStatus {
  return {
    name: container.name,
    image: container.image ?? '',
    imageID: `hollow://${container.image ?? ''}`,
    containerID: `hollow://${pod.metadata.uid}/${container.name}`,
    ready,
    started: ready,
    restartCount: 0,
    state,
  };
}
