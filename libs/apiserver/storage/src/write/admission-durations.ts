import type { AdmissionCall } from '@kubernest/apiserver/contract';
import type { Context, Histogram, Metrics } from '@kubernest/kit';

export interface Step<T> extends Pick<AdmissionCall, 'operation'> {
  readonly type: 'admit' | 'validate';
  readonly step: () => Promise<T>;
}

/** How long all plugins together took, for each operation. */
export class AdmissionDurations {
  readonly #steps: Histogram;

  constructor(metrics: Metrics) {
    this.#steps = metrics.histogram({
      name: 'apiserver_admission_step_admission_duration_seconds',
      help: 'How long admission took, in seconds, by what it did (admit or validate), for which operation, and whether it refused.',
      labels: ['type', 'operation', 'rejected'],
      buckets: [0.005, 0.025, 0.1, 0.5, 1, 2.5],
    });
  }

  async of<T>({ type, operation, step }: Step<T>, { clock }: Context): Promise<T> {
    const begun = clock.monotonic();
    let rejected = 'true';
    try {
      const outcome = await step();
      rejected = 'false';
      return outcome;
    } finally {
      this.#steps.of(type, operation.toUpperCase(), rejected).observe((clock.monotonic() - begun) / 1000);
    }
  }
}
