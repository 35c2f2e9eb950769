import type { Clock, Metrics, Milliseconds } from '@kubernest/kit';
import { exponentialBuckets } from '@kubernest/kit';

/** Told of what happens to the keys of one queue. */
export interface QueueWatch {
  /** It is to be worked on; it was not yet. */
  added(key: string): void;
  taken(key: string): void;
  done(key: string): void;
  /** It comes again later. */
  delayed(): void;
  /** Nothing is to be worked on any more. */
  closed(): void;
}

const SECONDS = exponentialBuckets(1e-8, 10, 10);

/** The queues of a process as Kubernetes' `workqueue_*` tells them. */
export class QueueMetrics {
  readonly #queues = new Map<string, WatchedQueue>();

  constructor(
    private readonly metrics: Metrics,
    private readonly clock: Clock,
  ) {
    this.#gauge('depth', 'Current depth of workqueue.', ({ depth }) => depth);
    this.#gauge('unfinished_work_seconds', 'Seconds of work that is in progress.', (queue) =>
      queue.underway().reduce((sum, seconds) => sum + seconds, 0),
    );
    this.#gauge('longest_running_processor_seconds', 'Seconds that the longest work in progress has taken.', (queue) =>
      Math.max(0, ...queue.underway()),
    );
  }

  /** A queue of the same name, of a controller that runs again, takes the place of the one before. */
  watch(name: string): QueueWatch {
    const queue = new WatchedQueue(name, this.metrics, this.clock);
    this.#queues.set(name, queue);
    return queue;
  }

  #gauge(name: string, help: string, value: (queue: WatchedQueue) => number): void {
    this.metrics.gauge({ name: `workqueue_${name}`, help, labels: ['name'] }, () =>
      [...this.#queues].map(([queueName, queue]) => ({ values: [queueName], value: value(queue) })),
    );
  }
}

class WatchedQueue implements QueueWatch {
  readonly #waiting = new Map<string, Milliseconds>();
  readonly #working = new Map<string, Milliseconds>();
  readonly #adds;
  readonly #retries;
  readonly #waited;
  readonly #worked;

  constructor(
    name: string,
    metrics: Metrics,
    private readonly clock: Clock,
  ) {
    const labels = ['name'];
    const counter = (what: string, help: string) => metrics.counter({ name: `workqueue_${what}`, help, labels });
    const seconds = (what: string, help: string) =>
      metrics.histogram({ name: `workqueue_${what}`, help, labels, buckets: SECONDS });
    this.#adds = counter('adds_total', 'Total number of adds handled by workqueue.').of(name);
    this.#retries = counter('retries_total', 'Total number of retries handled by workqueue.').of(name);
    this.#waited = seconds('queue_duration_seconds', 'How long an item stays in workqueue before it is taken.').of(
      name,
    );
    this.#worked = seconds('work_duration_seconds', 'How long processing an item from workqueue takes.').of(name);
  }

  added(key: string): void {
    if (this.#waiting.has(key)) return;
    this.#adds.add();
    this.#waiting.set(key, this.clock.monotonic());
  }

  taken(key: string): void {
    this.#end(key, this.#waiting, this.#waited);
    this.#working.set(key, this.clock.monotonic());
  }

  done(key: string): void {
    this.#end(key, this.#working, this.#worked);
  }

  delayed(): void {
    this.#retries.add();
  }

  closed(): void {
    this.#waiting.clear();
  }

  /** What comes again after the work on it waits for that first. */
  get depth(): number {
    return this.#waiting
      .keys()
      .filter((key) => !this.#working.has(key))
      .toArray().length;
  }

  /** Seconds, of each that is worked on. */
  underway(): readonly number[] {
    const now = this.clock.monotonic();
    return [...this.#working.values()].map((since) => (now - since) / 1000);
  }

  #end(key: string, since: Map<string, Milliseconds>, into: { observe(seconds: number): void }): void {
    const began = since.get(key);
    if (began === undefined) return;
    since.delete(key);
    into.observe((this.clock.monotonic() - began) / 1000);
  }
}
