import { Backoff, type Clock } from '@kubernest/kit';
import TinyQueue from 'tinyqueue';
import type { ClusterChange, PodObject, SchedulerPlugin } from './plugin.ts';
import type { Pending } from './scheduler-metrics.ts';

interface Waiting {
  readonly pod: PodObject;
  /** Changes that could help; empty: only a change of the pod itself. */
  readonly helpedBy: ReadonlySet<ClusterChange>;
}

interface Ready {
  readonly uid: string;
  readonly priority: number;
  readonly order: number;
}

/** Pods without a node: ready to be looked at, backing off after a failure, or waiting for a change that could help. Each is in one place. */
export class PodQueue {
  readonly #ready = new TinyQueue<Ready>([], (a, b) => b.priority - a.priority || a.order - b.order);
  readonly #readyPods = new Map<string, PodObject>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #backingOff = new Map<string, { pod: PodObject; cancel: () => void }>();
  readonly #backoff = new Backoff({ initial: 1000, max: 10_000 });
  /** Since the last pod was handed out: what happened while it was decided on. */
  readonly #changes = new Set<ClusterChange>();
  #order = 0;

  constructor(
    private readonly clock: Clock,
    /** Called when there is something to pop. */
    private readonly wake: () => void,
  ) {}

  get size(): { ready: number; waiting: number; backingOff: number } {
    return { ready: this.#readyPods.size, waiting: this.#waiting.size, backingOff: this.#backingOff.size };
  }

  /** As Kubernetes' scheduler counts them: who is held by a gate waits for nothing but itself. */
  get pending(): Pending {
    const gated = this.#waiting
      .values()
      .filter(({ helpedBy }) => helpedBy.size === 0)
      .toArray().length;
    const { ready: active, waiting, backingOff: backoff } = this.size;
    return { active, backoff, unschedulable: waiting - gated, gated };
  }

  /** A new pod, or one whose own specification changed: looked at at once. */
  push(pod: PodObject): void {
    const uid = pod.metadata.uid ?? '';
    this.#leaveOthers(uid);
    const known = this.#readyPods.has(uid);
    this.#readyPods.set(uid, pod);
    if (!known) this.#ready.push({ uid, priority: pod.spec?.priority ?? 0, order: this.#order++ });
    this.wake();
  }

  /** The newest form of a pod that waits, without looking at it again. */
  refresh(pod: PodObject): void {
    const uid = pod.metadata.uid ?? '';
    const waiting = this.#waiting.get(uid);
    if (waiting) this.#waiting.set(uid, { ...waiting, pod });
    const backingOff = this.#backingOff.get(uid);
    if (backingOff) backingOff.pod = pod;
    if (this.#readyPods.has(uid)) this.#readyPods.set(uid, pod);
  }

  pop(): PodObject | undefined {
    for (;;) {
      const next = this.#ready.pop();
      if (!next) return undefined;
      const pod = this.#readyPods.get(next.uid);
      if (!pod) continue; // deleted or moved since
      this.#readyPods.delete(next.uid);
      this.#changes.clear();
      return pod;
    }
  }

  /** No node fits the pod handed out last: wait for a change that one of the plugins in the way names. One may have come meanwhile. */
  wait(pod: PodObject, blockedBy: readonly SchedulerPlugin[]): void {
    const helpedBy = new Set(blockedBy.flatMap((plugin) => plugin.unblockedBy));
    if (blockedBy.length === 0) helpedBy.add('node-added');
    if (this.#changes.isDisjointFrom(helpedBy)) this.#waiting.set(pod.metadata.uid ?? '', { pod, helpedBy });
    else this.push(pod);
  }

  /** A fault (the binding was refused, the API was away): try again after a while. */
  retryLater(pod: PodObject): void {
    const uid = pod.metadata.uid ?? '';
    const entry = { pod, cancel: (): void => {} };
    this.#backingOff.set(uid, entry);
    entry.cancel = this.clock.after(this.#backoff.next(uid), () => {
      this.#backingOff.delete(uid);
      this.push(entry.pod);
    });
  }

  /** Something changed in the cluster: those it could help are looked at again. */
  changed(change: ClusterChange): void {
    this.#changes.add(change);
    const helped: PodObject[] = [];
    for (const { pod, helpedBy } of this.#waiting.values()) if (helpedBy.has(change)) helped.push(pod);
    for (const pod of helped) this.push(pod);
  }

  remove(uid: string): void {
    this.#leaveOthers(uid);
    this.#readyPods.delete(uid);
    this.#backoff.forget(uid);
  }

  #leaveOthers(uid: string): void {
    this.#waiting.delete(uid);
    this.#backingOff.get(uid)?.cancel();
    this.#backingOff.delete(uid);
  }
}
