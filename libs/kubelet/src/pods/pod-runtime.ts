import type { ContainerState, SandboxState } from '@kubernest/runtime/contract';
import type { End } from './pod.ts';

/** What the runtime holds of one pod, newest first. */
export interface PodRuntime {
  readonly sandboxes: readonly SandboxState[];
  readonly containers: readonly ContainerState[];
}

export const emptyRuntime: PodRuntime = { sandboxes: [], containers: [] };

export function liveSandbox(runtime: PodRuntime): SandboxState | undefined {
  return runtime.sandboxes.find((s) => s.running);
}

/** Asked of each container of a pod, which may be very many. A pod's runtime does not change: another one takes its place. */
const instances = new WeakMap<PodRuntime, ReadonlyMap<string, readonly ContainerState[]>>();
const none: readonly ContainerState[] = [];

/** The instances of one container, newest first. */
export function instancesOf(runtime: PodRuntime, name: string): readonly ContainerState[] {
  let byName = instances.get(runtime);
  if (!byName) {
    byName = Map.groupBy(runtime.containers, (c) => c.name);
    instances.set(runtime, byName);
  }
  return byName.get(name) ?? none;
}

/** It never ran: the engine keeps its words, and no start later than its creation. */
export function failedToStart(state: ContainerState): boolean {
  const ran = state.startedAt !== undefined && +state.startedAt > +state.createdAt;
  return state.state !== 'running' && !ran && state.error !== undefined && state.error !== '';
}

/** Has it ended, one way or the other? */
export function hasEnded(state: ContainerState): boolean {
  return state.state === 'exited' || failedToStart(state);
}

export function exitCodeOf(state: ContainerState): number {
  if (state.exitCode !== undefined && (state.exitCode !== 0 || !failedToStart(state))) return state.exitCode;
  return failedToStart(state) ? 128 : 137;
}

export const endOf = (state: ContainerState): End => ({ exitCode: exitCodeOf(state), oomKilled: state.oomKilled });

export function sortRuntime(runtime: PodRuntime): PodRuntime {
  return {
    sandboxes: [...runtime.sandboxes].sort((a, b) => b.attempt - a.attempt || +b.createdAt - +a.createdAt),
    containers: [...runtime.containers].sort((a, b) => b.attempt - a.attempt || +b.createdAt - +a.createdAt),
  };
}
