import { type Clock, exponentialBuckets, type Metrics, type Milliseconds } from '@kubernest/kit';

export type AttemptResult = 'scheduled' | 'unschedulable' | 'error';

/** How many pods are where, as Kubernetes' scheduler names its queues. */
export type Pending = Readonly<Record<'active' | 'backoff' | 'unschedulable' | 'gated', number>>;

const ATTEMPT = exponentialBuckets(0.001, 2, 15);

/** What Kubernetes' scheduler counts. */
export class SchedulerMetrics {
  readonly #attempts;
  readonly #attempt;
  readonly #algorithm;
  readonly #untilScheduled;
  /** How often each pod that waits has been looked at, and since when it is known. */
  readonly #pods = new Map<string, { attempts: number; readonly since: Milliseconds }>();

  constructor(
    private readonly metrics: Metrics,
    private readonly profile: string,
    private readonly clock: Clock,
  ) {
    const labels = ['result', 'profile'];
    const seconds = (name: string, help: string, of: readonly string[], buckets = ATTEMPT) =>
      metrics.histogram({ name: `scheduler_${name}`, help, labels: of, buckets });
    const total = 'Number of attempts to schedule pods, by the result.';
    this.#attempts = metrics.counter({ name: 'scheduler_schedule_attempts_total', help: total, labels });
    const whole = 'Scheduling attempt latency in seconds (scheduling algorithm + binding).';
    this.#attempt = seconds('scheduling_attempt_duration_seconds', whole, labels);
    this.#algorithm = seconds('scheduling_algorithm_duration_seconds', 'Scheduling algorithm latency in seconds.', []);
    this.#untilScheduled = seconds(
      'pod_scheduling_sli_duration_seconds',
      'Latency in seconds for a pod being scheduled, from the time it enters the queue; it may need several attempts.',
      ['attempts'],
      exponentialBuckets(0.01, 2, 20),
    );
  }

  pending(count: () => Pending): void {
    const help = 'Number of pending pods, by the queue type.';
    this.metrics.gauge({ name: 'scheduler_pending_pods', help, labels: ['queue'] }, () =>
      Object.entries(count()).map(([queue, value]) => ({ values: [queue], value })),
    );
  }

  /** It is there, without a node. */
  entered(uid: string): void {
    if (!this.#pods.has(uid)) this.#pods.set(uid, { attempts: 0, since: this.clock.monotonic() });
  }

  /** It went, or has its node. */
  left(uid: string): void {
    this.#pods.delete(uid);
  }

  /** It is looked at; what comes back is told what came of it. */
  begin(uid: string): Attempt {
    const pod = this.#pods.get(uid);
    if (pod) pod.attempts++;
    const began = this.clock.monotonic();
    let isOver = false;
    const took = (since: Milliseconds) => (this.clock.monotonic() - since) / 1000;
    return {
      decided: () => this.#algorithm.of().observe(took(began)),
      ended: (result) => {
        if (isOver) return;
        isOver = true;
        this.#attempts.of(result, this.profile).add();
        this.#attempt.of(result, this.profile).observe(took(began));
        if (result === 'scheduled' && pod) this.#untilScheduled.of(attemptsOf(pod.attempts)).observe(took(pod.since));
      },
    };
  }
}

export interface Attempt {
  decided(): void;
  /** What is told first counts. */
  ended(result: AttemptResult): void;
}

/** compat: so many and more are one. */
const attemptsOf = (attempts: number): string => (attempts < 15 ? String(attempts) : '15+');
