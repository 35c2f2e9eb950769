import { qosClass, wireTime } from '@kubernest/meta';
import type { Verdict } from '../pods/judge.ts';
import {
  type ContainerKind,
  containersOf,
  type End,
  endedWell,
  type PodContainer,
  restartsAfter,
} from '../pods/pod.ts';
import type { ContainerStatus, Pod, PodCondition, PodStatus } from '../types.ts';

export interface StatusFacts {
  readonly pod: Pod;
  /** One for each container, in start order. */
  readonly containers: readonly ContainerStatus[];
  /** The sandbox runs and has its network. */
  readonly sandboxReady: boolean;
  readonly podIPs: readonly string[];
  readonly hostIPs: readonly string[];
  readonly startTime: Date;
  /** Everything has stopped for good. */
  readonly finished: boolean;
  /** The agent ends the pod for this reason (deadline, refused field). */
  readonly verdict: Pick<Verdict, 'reason' | 'message' | 'eviction'> | undefined;
  readonly now: Date;
}

/** The status that the API should show. Pure; conditions keep their transition time while they keep their status. */
export function podStatus(facts: StatusFacts): PodStatus {
  const { pod } = facts;
  const entries = containersOf(pod);
  const of = (kind: ContainerKind): ContainerStatus[] => facts.containers.filter((_, i) => entries[i]?.kind === kind);
  const phase = phaseOf(facts, entries);
  const inits = of('init');
  const ephemeral = of('ephemeral');
  const { generation } = pod.metadata;
  // Of a pod that was turned away before anything of it was there, only the reason is to be seen.
  const turnedAway =
    phase === 'Failed' && !pod.status?.containerStatuses && facts.containers.every((c) => !c.containerID);
  return {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    phase,
    ...(facts.verdict && phase === 'Failed' ? { reason: facts.verdict.reason, message: facts.verdict.message } : {}),
    conditions: conditionsOf(facts, entries, phase),
    ...(facts.hostIPs[0] ? { hostIP: facts.hostIPs[0], hostIPs: facts.hostIPs.map((ip) => ({ ip })) } : {}),
    ...(facts.podIPs[0] ? { podIP: facts.podIPs[0], podIPs: facts.podIPs.map((ip) => ({ ip })) } : {}),
    startTime: pod.status?.startTime ?? wireTime(facts.startTime),
    qosClass: pod.status?.qosClass ?? qosClass(pod.spec),
    ...(inits.length && !turnedAway ? { initContainerStatuses: inits } : {}),
    ...(turnedAway ? {} : { containerStatuses: of('app') }),
    ...(ephemeral.length ? { ephemeralContainerStatuses: ephemeral } : {}),
  };
}

export function phaseOf(facts: StatusFacts, entries: readonly PodContainer[]): string {
  const before = facts.pod.status?.phase;
  if (before === 'Succeeded' || before === 'Failed') return before;
  if (facts.verdict) return facts.finished ? 'Failed' : (before ?? 'Pending');
  const pairs = entries.map((entry, i) => ({ entry, status: facts.containers[i] }));
  const inits = pairs.filter((p) => p.entry.kind === 'init' && !p.entry.sidecar);
  const apps = pairs.filter((p) => p.entry.kind === 'app');
  const exit = (p: (typeof pairs)[number]): number | undefined => p.status?.state?.terminated?.exitCode;
  const failedForGood = ({ entry, status }: (typeof pairs)[number]): boolean => {
    const end = toldEnd(status);
    return end !== undefined && !endedWell(entry, end) && !restartsAfter(facts.pod, entry, end);
  };
  if (inits.some(failedForGood)) return facts.finished ? 'Failed' : 'Pending';
  const everRan = apps.some(
    (p) => p.status?.state?.running || p.status?.state?.terminated || p.status?.lastState?.terminated,
  );
  if (!everRan && !(facts.finished && facts.pod.metadata.deletionTimestamp)) return 'Pending';
  const ended = apps.every((p) => exit(p) !== undefined);
  if (facts.finished && (ended || facts.pod.metadata.deletionTimestamp))
    return ended && apps.every((p) => exit(p) === 0) ? 'Succeeded' : 'Failed';
  const waitingFirst = apps.some((p) => p.status?.state?.waiting && !p.status.lastState?.terminated);
  return waitingFirst ? 'Pending' : 'Running';
}

/** How a container ended, as its status tells. */
function toldEnd(status: ContainerStatus | undefined): End | undefined {
  const ended = status?.state?.terminated;
  return ended && { exitCode: ended.exitCode, oomKilled: ended.reason === 'OOMKilled' };
}

function toldWell(entry: PodContainer, status: ContainerStatus | undefined): boolean {
  const end = toldEnd(status);
  return end !== undefined && endedWell(entry, end);
}

type Draft = { type: string; status: 'True' | 'False'; reason?: string; message?: string };

function conditionsOf(facts: StatusFacts, entries: readonly PodContainer[], phase: string): PodCondition[] {
  const done = phase === 'Succeeded';
  const names = (pick: (entry: PodContainer, status: ContainerStatus | undefined) => boolean): string[] =>
    entries.flatMap((entry, i) => (pick(entry, facts.containers[i]) ? [entry.container.name] : []));
  const uninitialized = names(
    (entry, status) => entry.kind === 'init' && !(entry.sidecar ? status?.started : toldWell(entry, status)),
  );
  const unready = names((entry, status) => (entry.kind === 'app' || entry.sidecar) && !status?.ready);
  const ranBefore = entries.some((entry, i) => entry.kind === 'app' && facts.containers[i]?.containerID);
  const initialized: Draft =
    done || uninitialized.length === 0 || ranBefore
      ? { type: 'Initialized', status: 'True', ...(done ? { reason: 'PodCompleted' } : {}) }
      : {
          type: 'Initialized',
          status: 'False',
          reason: 'ContainersNotInitialized',
          message: `containers with incomplete status: [${uninitialized.join(' ')}]`,
        };
  // compat: a pod that is over, by its deadline or because it was turned away, is not ready from then on; one that is sent away ends first.
  const over = facts.verdict && !facts.verdict.eviction ? 'Failed' : phase;
  const ready = readiness('ContainersReady', over, unready);
  const shut = shutGates(facts.pod);
  const podReady: Draft =
    ready.status === 'True' && shut.length > 0
      ? {
          type: 'Ready',
          status: 'False',
          reason: 'ReadinessGatesNotReady',
          message: shut.join(', '),
        }
      : { ...ready, type: 'Ready' };
  const drafts: Draft[] = [
    { type: 'PodReadyToStartContainers', status: facts.sandboxReady ? 'True' : 'False' },
    initialized,
    podReady,
    ready,
    { type: 'PodScheduled', status: 'True' },
    ...(facts.verdict?.eviction && phase === 'Failed' ? [disrupted(facts.verdict.message)] : []),
  ];
  return withTransitions(drafts, facts);
}

/** What keeps each readiness gate from being met that is not. */
function shutGates({ spec, status }: Pod): readonly string[] {
  const told = new Map(status?.conditions?.map((condition) => [condition.type, condition.status]));
  return (spec?.readinessGates ?? []).flatMap(({ conditionType }) => {
    const said = told.get(conditionType);
    if (said === undefined) return `corresponding condition of pod readiness gate "${conditionType}" does not exist.`;
    return said === 'True' ? [] : `the status of pod readiness gate "${conditionType}" is not "True", but ${said}`;
  });
}

/** Whoever counts failures can tell that this was not the pod's own. */
const disrupted = (message: string): Draft => ({
  ...{ type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet' },
  message,
});

function readiness(type: string, phase: string, unready: readonly string[]): Draft {
  if (phase === 'Succeeded') return { type, status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { type, status: 'False', reason: 'PodFailed' };
  if (unready.length === 0) return { type, status: 'True' };
  return {
    type,
    status: 'False',
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${unready.join(' ')}]`,
  };
}

/** The agent's own conditions, new or kept, with everyone else's untouched beside them. */
function withTransitions(drafts: readonly Draft[], facts: StatusFacts): PodCondition[] {
  const others = new Map(facts.pod.status?.conditions?.map((condition) => [condition.type, condition]));
  const { generation } = facts.pod.metadata;
  const own = drafts.map((draft) => {
    const old = others.get(draft.type);
    others.delete(draft.type);
    return {
      ...draft,
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      lastProbeTime: null,
      lastTransitionTime: old?.status === draft.status ? old.lastTransitionTime : wireTime(facts.now),
    } as unknown as PodCondition;
  });
  return [...own, ...others.values()];
}
