import type { ContainerStatus, Pod, PodCondition, PodStatus } from '@kubernest/api-types/core/v1';
import type { KubeObject, WireTime } from '@kubernest/meta';
import { podConditions } from './pod-conditions.ts';

export type PodObject = Pod & KubeObject;

/** As a Node's or a Pod's status tells. */
export const isReady = (
  told: { readonly conditions?: readonly { type: string; status: string }[] } | undefined,
): boolean => told?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

/** What a simulated kubelet does next with a pod. */
export type Step =
  /** Unless something happens to it before, it is looked at once more when that time has come. */
  | { readonly do: 'nothing'; readonly until?: Date }
  | { readonly do: 'remove' }
  | { readonly do: 'report'; readonly status: PodStatus };

/**
 * A simulated pod's life as a table: bound → running and ready; marked for deletion → removed. Pure. A pod that is to run to its end
 * (restart policy other than Always) succeeds once it ran. One that was called unready with its node is ready again, as far as its readiness
 * gates are; one that may not be active for longer fails.
 */
export function nextStep(
  pod: PodObject,
  facts: { readonly hostIP: string; readonly podIP: string; readonly now: WireTime },
): Step {
  if (pod.metadata.deletionTimestamp) return { do: 'remove' };
  const phase = pod.status?.phase;
  if (phase === 'Succeeded' || phase === 'Failed') return { do: 'nothing' };
  if (phase !== 'Running') return { do: 'report', status: running(pod, facts) };
  const { now } = facts;
  if (pod.spec?.restartPolicy !== 'Always') return { do: 'report', status: succeeded(pod, now) };
  const end = deadlineOf(pod);
  if (end && end <= new Date(now)) return { do: 'report', status: pastDeadline(pod, now) };
  const told = podConditions(pod, now);
  if (!sameReadiness(told, pod.status?.conditions))
    return { do: 'report', status: { ...pod.status, conditions: told } };
  return { do: 'nothing', ...(end && { until: end }) };
}

/** Until when it may be active. */
function deadlineOf({ spec, status }: PodObject): Date | undefined {
  const seconds = spec?.activeDeadlineSeconds;
  if (seconds === undefined || !status?.startTime) return undefined;
  return new Date(+new Date(status.startTime) + seconds * 1000);
}

function sameReadiness(one: readonly PodCondition[], other: readonly PodCondition[] = []): boolean {
  const [a, b] = [one, other].map((list) => list.find(({ type }) => type === 'Ready'));
  return a?.status === b?.status && a?.reason === b?.reason && a?.message === b?.message;
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
    conditions: podConditions(pod, now),
    containerStatuses: (pod.spec?.containers ?? []).map((c) => status(pod, c, { running: { startedAt: now } }, true)),
    initContainerStatuses: (pod.spec?.initContainers ?? []).map((c) =>
      status(pod, c, { terminated: { exitCode: 0, reason: 'Completed', startedAt: now, finishedAt: now } }, true),
    ),
  };
}

function succeeded(pod: PodObject, now: WireTime): PodStatus {
  return ended(pod, now, { phase: 'Succeeded', exitCode: 0, why: 'Completed', unready: 'PodCompleted' });
}

function pastDeadline(pod: PodObject, now: WireTime): PodStatus {
  return {
    ...ended(pod, now, { phase: 'Failed', exitCode: 137, why: 'Error', unready: 'PodFailed' }),
    reason: 'DeadlineExceeded',
    message: 'Pod was active on the node longer than the specified deadline',
  };
}

interface Ending {
  readonly phase: string;
  readonly exitCode: number;
  readonly why: string;
  readonly unready: string;
}

function ended(pod: PodObject, now: WireTime, { phase, exitCode, why, unready }: Ending): PodStatus {
  const terminated = { exitCode, reason: why, startedAt: pod.status?.startTime, finishedAt: now };
  return {
    ...pod.status,
    phase,
    conditions: podConditions(pod, now, unready),
    containerStatuses: (pod.spec?.containers ?? []).map((c) => status(pod, c, { terminated }, false)),
  };
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
