import type { Pod } from '../types.ts';
import type { NodeParts } from './node-parts.ts';
import type { PodPlan } from './plan.ts';
import { containersOf, type PodContainer, podLabel, uidOf } from './pod.ts';
import type { PodMemory } from './pod-memory.ts';
import { instancesOf } from './pod-runtime.ts';

/** Says what one pod waits for, once for each wait. */
export class WaitingWords {
  readonly #said = new Set<string>();

  constructor(private readonly parts: NodeParts) {}

  /** Failed pulls were shown as such; from now on it is the wait that is shown. */
  ofPulls(pod: Pod, memory: PodMemory): void {
    const entries = new Map(containersOf(pod).map((entry) => [entry.container.name, entry]));
    const imageOf = (name: string): string => entries.get(name)?.container.image ?? '';
    for (const name of memory.settlePullHolds(imageOf)) {
      const entry = entries.get(name);
      if (!entry) continue;
      const events = this.parts.events.ofContainer(pod, entry);
      events.normal('BackOff', `Back-off pulling image "${imageOf(name)}"`);
      events.warning('Failed', 'Error: ImagePullBackOff');
    }
  }

  ofCrashes(pod: Pod, plan: PodPlan): void {
    for (const entry of containersOf(pod))
      if (plan.waiting.get(entry.container.name)?.reason === 'CrashLoopBackOff') this.#ofCrash(pod, entry);
  }

  #ofCrash(pod: Pod, entry: PodContainer): void {
    const { name } = entry.container;
    const latest = instancesOf(this.parts.view.pod(uidOf(pod)), name)[0];
    if (!latest || this.#said.has(latest.id)) return;
    this.#said.add(latest.id);
    this.parts.events
      .ofContainer(pod, entry)
      .warning('BackOff', `Back-off restarting failed container ${name} in pod ${podLabel(pod)}`);
  }
}
