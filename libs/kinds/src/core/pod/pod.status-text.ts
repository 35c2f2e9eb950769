import { ageOf } from '@kubernest/meta';
import type { Pod } from '../../types.ts';

type Statuses = NonNullable<NonNullable<Pod['status']>['containerStatuses']>;
type ContainerStatus = Statuses[number];

/** What kubectl says of a pod in one word, how many of its containers are ready, and how often they restarted. */
export interface PodSummary {
  readonly status: string;
  readonly ready: number;
  readonly total: number;
  readonly restarts: number;
  readonly lastRestart?: string;
}

function conditionIsTrue(pod: Pod, type: string): boolean {
  return !!pod.status?.conditions?.some((condition) => condition.type === type && condition.status === 'True');
}

function restartOf(status: ContainerStatus): string {
  return status.lastState?.terminated?.finishedAt ?? '';
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}

function exitText(ended: { readonly reason?: string; readonly signal?: number; readonly exitCode: number }): string {
  if (ended.reason) return ended.reason;
  return ended.signal ? `Signal:${ended.signal}` : `ExitCode:${ended.exitCode}`;
}

interface InitSummary {
  readonly reason?: string;
  readonly ready: number;
  readonly restarts: number;
  readonly lastRestart: string;
  readonly sidecarRestarts: number;
  readonly sidecarLastRestart: string;
}

/** Walks the init containers up to the one that holds the pod back. */
function summarizeInit(pod: Pod, sidecars: ReadonlySet<string>): InitSummary {
  let ready = 0;
  let restarts = 0;
  let lastRestart = '';
  let sidecarRestarts = 0;
  let sidecarLastRestart = '';
  const done = (reason?: string): InitSummary => ({
    reason,
    ready,
    restarts,
    lastRestart,
    sidecarRestarts,
    sidecarLastRestart,
  });
  for (const [index, status] of (pod.status?.initContainerStatuses ?? []).entries()) {
    const sidecar = sidecars.has(status.name);
    restarts += status.restartCount ?? 0;
    lastRestart = later(lastRestart, restartOf(status));
    if (sidecar) {
      sidecarRestarts += status.restartCount ?? 0;
      sidecarLastRestart = later(sidecarLastRestart, restartOf(status));
    }
    const { terminated, waiting } = status.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (sidecar && status.started) {
      if (status.ready) ready++;
      continue;
    }
    if (terminated) return done(`Init:${exitText(terminated)}`);
    if (waiting?.reason && waiting.reason !== 'PodInitializing') return done(`Init:${waiting.reason}`);
    return done(`Init:${index}/${pod.spec?.initContainers?.length ?? 0}`);
  }
  return done();
}

function summarizeContainers(pod: Pod, before: string): Omit<PodSummary, 'total'> & { readonly lastRestart: string } {
  let status = before;
  let ready = 0;
  let restarts = 0;
  let lastRestart = '';
  let running = false;
  // From the last to the first, so that the first container that has something to say has the last word.
  for (const container of [...(pod.status?.containerStatuses ?? [])].reverse()) {
    restarts += container.restartCount ?? 0;
    lastRestart = later(lastRestart, restartOf(container));
    const state = container.state ?? {};
    if (state.waiting?.reason) status = state.waiting.reason;
    else if (state.terminated) status = exitText(state.terminated);
    else if (container.ready && state.running) {
      running = true;
      ready++;
    }
  }
  if (status === 'Completed' && running) status = conditionIsTrue(pod, 'Ready') ? 'Running' : 'NotReady';
  return { status, ready, restarts, lastRestart };
}

function deletedStatus(pod: Pod, status: string): string {
  if (!pod.metadata.deletionTimestamp) return status;
  if (pod.status?.reason === 'NodeLost') return 'Unknown';
  return pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded' ? status : 'Terminating';
}

export function summarizePod(pod: Pod): PodSummary {
  const sidecars = new Set(
    (pod.spec?.initContainers ?? []).filter((c) => c.restartPolicy === 'Always').map((c) => c.name),
  );
  const total = (pod.spec?.containers?.length ?? 0) + sidecars.size;
  let status = pod.status?.reason || pod.status?.phase || '';
  if (pod.status?.conditions?.some((c) => c.type === 'PodScheduled' && c.reason === 'SchedulingGated'))
    status = 'SchedulingGated';
  const init = summarizeInit(pod, sidecars);
  let { ready, restarts, lastRestart } = init;
  if (init.reason !== undefined) status = init.reason;
  if (init.reason === undefined || conditionIsTrue(pod, 'Initialized')) {
    const main = summarizeContainers(pod, status);
    status = main.status;
    ready += main.ready;
    restarts = init.sidecarRestarts + main.restarts;
    lastRestart = later(init.sidecarLastRestart, main.lastRestart);
  }
  return { status: deletedStatus(pod, status), ready, total, restarts, lastRestart: lastRestart || undefined };
}

export function restartsText({ restarts, lastRestart }: PodSummary, now: Date): string {
  return restarts > 0 && lastRestart ? `${restarts} (${ageOf(lastRestart, now)} ago)` : String(restarts);
}
