import type { ContainerState, SandboxState } from '@kubernest/runtime/contract';
import type { ContainerInspectInfo } from 'dockerode';
import type { ParsedLabels } from './labels.ts';

export type Inspected = ContainerInspectInfo;

/** The engine writes the year 1 for "never". */
function dateOf(text: string | undefined): Date | undefined {
  if (!text || text.startsWith('0001-')) return undefined;
  return new Date(text);
}

/** A paused container holds its resources, so it counts as running. */
export const isRunning = (info: Inspected): boolean => info.State.Running || info.State.Paused;

export function sandboxState(info: Inspected, parsed: ParsedLabels): SandboxState {
  const running = isRunning(info);
  const ownNetwork = info.HostConfig.NetworkMode !== 'host';
  return {
    id: info.Id,
    pod: parsed.pod,
    attempt: parsed.attempt,
    running,
    createdAt: new Date(info.Created),
    netns: running && ownNetwork ? `/proc/${info.State.Pid}/ns/net` : undefined,
    labels: parsed.labels,
    annotations: parsed.annotations,
  };
}

export function containerState(info: Inspected, parsed: ParsedLabels): ContainerState {
  const { State: state } = info;
  const createdAt = new Date(info.Created);
  // The engine leaves what it failed to start as "created", with an exit code: it will never run.
  const failedToStart = state.Status === 'created' && state.ExitCode !== 0;
  const phase = isRunning(info) ? 'running' : state.Status === 'created' && !failedToStart ? 'created' : 'exited';
  const ended = phase === 'exited';
  return {
    id: info.Id,
    pod: parsed.pod,
    sandboxId: parsed.sandboxId,
    name: parsed.name,
    attempt: parsed.attempt,
    kind: parsed.kind,
    image: parsed.image,
    imageId: info.Image,
    state: phase,
    createdAt,
    startedAt: phase === 'created' ? undefined : (dateOf(state.StartedAt) ?? createdAt),
    finishedAt: ended ? (dateOf(state.FinishedAt) ?? createdAt) : undefined,
    exitCode: ended ? state.ExitCode : undefined,
    oomKilled: state.OOMKilled,
    error: state.Error === '' ? undefined : state.Error,
    logPath: info.LogPath === '' ? undefined : info.LogPath,
    labels: parsed.labels,
    annotations: parsed.annotations,
  };
}
