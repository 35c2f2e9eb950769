import type { Counter, Metrics } from '@kubernest/kit';

/** Which APIServices do not answer, by name, and how often each was lost. Structurally what the controller that looks at them tells. */
export class AvailabilityTally {
  readonly #available = new Map<string, boolean>();
  readonly #lost: Counter;

  constructor(process: Metrics) {
    const available = this.#available;
    process.gauge(
      {
        name: 'aggregator_unavailable_apiservice',
        help: 'Whether an APIService is unavailable, by its name.',
        labels: ['name'],
      },
      () => [...available].map(([name, isAvailable]) => ({ values: [name], value: isAvailable ? 0 : 1 })),
    );
    this.#lost = process.counter({
      name: 'aggregator_unavailable_apiservice_total',
      help: 'How often an APIService became unavailable, by its name and the reason.',
      labels: ['name', 'reason'],
    });
  }

  observed(name: string, isAvailable: boolean): void {
    this.#available.set(name, isAvailable);
  }

  lost(name: string, reason: string): void {
    this.#lost.of(name, reason).add();
  }

  /** What is gone is no metric any more: names come and go without an end. */
  forgotten(name: string): void {
    this.#available.delete(name);
    this.#lost.forget('name', name);
  }
}
