import type { Context } from '@kubernest/kit';
import type { ContainerState } from '@kubernest/runtime/contract';
import { rememberedVerdicts } from '../probes/probe.ts';
import { Prober } from '../probes/prober.ts';
import type { Pod } from '../types.ts';
import type { NodeParts } from './node-parts.ts';
import { containerOf, isTerminal, restartsAfter, statusOf, uidOf } from './pod.ts';
import type { PodMemory } from './pod-memory.ts';

export interface Probed {
  readonly pod: Pod;
  readonly memory: PodMemory;
  readonly podIPs: readonly string[];
  /** A verdict changed. */
  probed(): void;
}

/** What had to be killed. */
const KILLED = { exitCode: 137, oomKilled: false };

/** One prober for each running container. While the pod is being stopped none begins, and those that are there ask whether it is ready. */
export function keepProbing(worker: Probed, stopping: boolean, parts: NodeParts, ctx: Context): void {
  const { pod, memory } = worker;
  const running = parts.view.pod(uidOf(pod)).containers.filter((c) => c.state === 'running' && !isTerminal(pod));
  memory.stopProbing((id) => running.some((c) => c.id === id));
  if (stopping) for (const prober of memory.probers.values()) prober.healthStops();
  else for (const state of running) if (!memory.probers.has(state.id)) beginProbing(worker, state, parts, ctx);
}

function beginProbing(worker: Probed, state: ContainerState, parts: NodeParts, ctx: Context): void {
  const { pod, memory } = worker;
  const entry = containerOf(pod, state.name);
  if (!entry) return;
  const target = {
    container: entry.container,
    containerId: state.id,
    startedAt: state.startedAt ?? state.createdAt,
    podIP: worker.podIPs[0] ?? '127.0.0.1',
    events: parts.events.ofContainer(pod, entry),
    restarts: restartsAfter(pod, entry, KILLED),
    remembered: rememberedVerdicts(statusOf(pod, state.name), `${parts.runtime.name}://${state.id}`),
  };
  memory.probers.set(state.id, new Prober(target, { runtime: parts.runtime, onChange: () => worker.probed() }, ctx));
}
