import { Backoff, type Milliseconds } from '@kubernest/kit';
import type { ContainerState } from '@kubernest/runtime/contract';
import type { Prober } from '../probes/prober.ts';
import type { ContainerMemory, Kill, Waiting } from './plan.ts';

const FIRST_DELAY: Milliseconds = 10_000;
const MAX_DELAY: Milliseconds = 300_000;
/** A run this long makes the next crash a first one again. */
const HEALTHY_RUN: Milliseconds = 600_000;

type Hold = Waiting & { readonly until: number };

const waitsForImage = (hold: Hold): boolean => /Image/.test(hold.reason);

/** What an agent knows of a pod's containers beyond the runtime's state; lost with the agent, harmlessly. */
export class PodMemory {
  readonly probers = new Map<string, Prober>();
  readonly #holds = new Map<string, Hold>();
  readonly #crashDelays = new Map<string, Milliseconds>();
  readonly #kills = new Map<string, Kill>();
  /** Instances whose postStart hook is not done. */
  readonly #hooking = new Set<string>();
  readonly #failures = new Backoff({ initial: FIRST_DELAY, max: MAX_DELAY });
  readonly #soon = new Backoff({ initial: 1_000, max: 30_000 });

  of(name: string, running: ContainerState | undefined): ContainerMemory {
    const prober = running ? this.probers.get(running.id) : undefined;
    const kill =
      this.#kills.get(name) ?? (prober?.doomed && running ? { id: running.id, ...prober.doomed } : undefined);
    return {
      hold: this.#holds.get(name),
      crashDelay: this.#crashDelays.get(name),
      kill,
      started: prober?.started === true && !this.#hooking.has(running?.id ?? ''),
    };
  }

  /** Image trouble waits long, everything else a little. */
  hold(name: string, waiting: Waiting, now: number): void {
    const backoff = waiting.reason === 'ErrImagePull' ? this.#failures : this.#soon;
    this.#holds.set(name, { ...waiting, until: now + backoff.next(name) });
  }

  /** `ErrImagePull` was shown; from now on it is the wait that is shown. Returns the names that changed. */
  settlePullHolds(imageOf: (name: string) => string): string[] {
    const changed: string[] = [];
    for (const [name, hold] of this.#holds) {
      if (hold.reason !== 'ErrImagePull') continue;
      changed.push(name);
      this.#holds.set(name, {
        until: hold.until,
        reason: 'ImagePullBackOff',
        message: `Back-off pulling image "${imageOf(name)}": ErrImagePull: ${hold.message}`,
      });
    }
    return changed;
  }

  /** Something that was missing may be there now. */
  releaseHolds(): void {
    for (const [name, hold] of this.#holds) if (!waitsForImage(hold)) this.#holds.delete(name);
  }

  /** The containers that wait for an image. */
  get withoutImage(): readonly string[] {
    return [...this.#holds].flatMap(([name, hold]) => (waitsForImage(hold) ? [name] : []));
  }

  /** Its image has come by another way than a pull. */
  imageCame(name: string): void {
    this.#holds.delete(name);
  }

  came(name: string): void {
    this.#holds.delete(name);
    this.#failures.forget(name);
    this.#soon.forget(name);
    this.#kills.delete(name);
  }

  /** It is started again after `last` ended: the next wait grows, or starts over after a long healthy run. */
  restarting(name: string, last: ContainerState | undefined): void {
    const ran = last?.startedAt && last.finishedAt ? +last.finishedAt - +last.startedAt : 0;
    const before = ran > HEALTHY_RUN ? undefined : this.#crashDelays.get(name);
    this.#crashDelays.set(name, before === undefined ? FIRST_DELAY : Math.min(MAX_DELAY, before * 2));
  }

  kill(name: string, id: string, message: string): void {
    this.#kills.set(name, { id, message });
  }

  hookBegins(id: string): void {
    this.#hooking.add(id);
  }

  hookEnds(id: string): void {
    this.#hooking.delete(id);
  }

  stopProbing(keep: (id: string) => boolean = () => false): void {
    for (const [id, prober] of this.probers) {
      if (keep(id)) continue;
      prober.stop();
      this.probers.delete(id);
    }
  }
}
