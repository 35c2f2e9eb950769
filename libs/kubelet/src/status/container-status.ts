import { wireTime } from '@kubernest/meta';
import type { ContainerState } from '@kubernest/runtime/contract';
import { IMAGE_DIGEST_ANNOTATION } from '../pods/container-config.ts';
import type { Waiting } from '../pods/plan.ts';
import { endedWell, type PodContainer } from '../pods/pod.ts';
import { endOf, exitCodeOf, failedToStart, hasEnded } from '../pods/pod-runtime.ts';
import type { ContainerStatus, Pod } from '../types.ts';
import { applied, mountStatuses } from './applied.ts';

const EPOCH = '1970-01-01T00:00:00Z';

export interface ContainerFacts {
  readonly pod: Pod;
  readonly entry: PodContainer;
  /** Newest first. */
  readonly instances: readonly ContainerState[];
  readonly waiting: Waiting | undefined;
  readonly before: ContainerStatus | undefined;
  readonly started: boolean;
  readonly ready: boolean;
  readonly hasInit: boolean;
  /** The whole pod is being stopped or has ended. */
  readonly stopping: boolean;
  readonly message: (id: string) => string | undefined;
  /** `docker` in `docker://…`. */
  readonly runtimeName: string;
}

export function containerStatus(facts: ContainerFacts): ContainerStatus {
  const { entry, instances } = facts;
  const latest = instances[0];
  const previous = instances[1];
  const name = entry.container.name;
  const image = entry.container.image ?? '';
  if (!latest || latest.state === 'created') return notThere(facts, previous);
  const ended = hasEnded(latest);
  const idle = ended && facts.waiting !== undefined;
  const lastState = idle
    ? { terminated: terminated(latest, facts) }
    : previous && hasEnded(previous)
      ? { terminated: terminated(previous, facts) }
      : lastKnown(facts.before, latest.attempt);
  const state = !ended
    ? { running: { startedAt: wireTime(latest.startedAt ?? latest.createdAt) } }
    : idle
      ? {
          waiting: {
            reason: facts.waiting?.reason,
            ...(facts.waiting?.message ? { message: facts.waiting.message } : {}),
          },
        }
      : { terminated: terminated(latest, facts) };
  const initDone = entry.kind === 'init' && !entry.sidecar && ended && endedWell(entry, endOf(latest));
  return {
    name,
    image,
    state,
    lastState,
    ready: ended ? initDone : facts.ready && facts.started && (entry.kind === 'app' || entry.sidecar),
    restartCount: latest.attempt,
    imageID: imageRef(latest, facts.runtimeName),
    containerID: `${facts.runtimeName}://${latest.id}`,
    started: !ended && facts.started,
    ...applied(facts.pod, entry.container),
    ...mountStatuses(entry.container),
  };
}

/** compat: in the form that Kubernetes has on Docker: what a registry has of it, else the engine's own id. */
function imageRef({ imageId, annotations }: ContainerState, runtimeName: string): string {
  const digest = annotations[IMAGE_DIGEST_ANNOTATION];
  if (digest !== undefined) return `${runtimeName}-pullable://${digest}`;
  return imageId.startsWith('sha256:') ? `${runtimeName}://${imageId}` : imageId;
}

/** What came before an instance that the engine has lost, or never had. */
function lastKnown(before: ContainerStatus | undefined, attempt: number): NonNullable<ContainerStatus['lastState']> {
  const ran = before?.state?.running ?? before?.state?.terminated;
  if (!before || !ran || before.restartCount === attempt) return before?.lastState ?? {};
  return { terminated: before.state?.terminated ?? lostState(before) };
}

/** Nothing of it is there: it waits, or it was there once and the engine lost it. */
function notThere(facts: ContainerFacts, previous: ContainerState | undefined): ContainerStatus {
  const { entry, before, waiting } = facts;
  const { name, image = '' } = entry.container;
  const base = { name, image, ready: false, started: false, ...mountStatuses(entry.container) };
  const lost = before?.state?.running !== undefined || before?.state?.terminated !== undefined;
  const lastState = previous
    ? { terminated: terminated(previous, facts) }
    : lost && before
      ? { terminated: before.state?.terminated ?? lostState(before) }
      : (before?.lastState ?? {});
  const restartCount = previous ? previous.attempt + 1 : (before?.restartCount ?? 0);
  if (facts.stopping && lost && before) {
    return {
      ...base,
      ...applied(facts.pod, entry.container),
      state: { terminated: before.state?.terminated ?? lostState(before) },
      lastState: before.lastState ?? {},
      restartCount,
      imageID: before.imageID,
      containerID: before.containerID,
    };
  }
  const reason = waiting?.reason ?? (facts.hasInit ? 'PodInitializing' : 'ContainerCreating');
  return {
    ...base,
    state: { waiting: { reason, ...(waiting?.message ? { message: waiting.message } : {}) } },
    lastState,
    restartCount,
    imageID: '',
  };
}

function lostState(before: ContainerStatus) {
  return {
    exitCode: 137,
    reason: 'ContainerStatusUnknown',
    message: 'The container could not be located when the pod was terminated',
    ...(before.state?.running?.startedAt ? { startedAt: before.state.running.startedAt } : {}),
    containerID: before.containerID,
  };
}

function terminated(state: ContainerState, facts: ContainerFacts) {
  const exitCode = exitCodeOf(state);
  const broken = failedToStart(state);
  const message = broken ? state.error : facts.message(state.id);
  return {
    exitCode,
    reason: state.oomKilled ? 'OOMKilled' : broken ? 'StartError' : exitCode === 0 ? 'Completed' : 'Error',
    ...(message ? { message } : {}),
    startedAt: broken ? EPOCH : wireTime(state.startedAt ?? state.createdAt),
    finishedAt: wireTime(state.finishedAt ?? state.createdAt),
    containerID: `${facts.runtimeName}://${state.id}`,
  };
}
