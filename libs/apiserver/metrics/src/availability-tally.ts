import type { Registry } from 'prom-client';

/** Which APIServices do not answer, by name, and how often each was lost. Structurally what the controller that looks at them tells. */
export class AvailabilityTally {
  readonly #available = new Map<string, boolean>();
  /** Name, reason, how often. */
  readonly #lost = new Map<string, Map<string, number>>();

  observed(name: string, isAvailable: boolean): void {
    this.#available.set(name, isAvailable);
  }

  lost(name: string, reason: string): void {
    const counts = this.#lost.getOrInsertComputed(name, () => new Map());
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }

  /** What is gone is no metric any more: names come and go without an end. */
  forgotten(name: string): void {
    this.#available.delete(name);
    this.#lost.delete(name);
  }

  registerIn(registry: Registry, { Gauge, Counter }: Pick<typeof import('prom-client'), 'Gauge' | 'Counter'>): void {
    const [available, lost] = [this.#available, this.#lost];
    new Gauge({
      name: 'aggregator_unavailable_apiservice',
      help: 'Whether an APIService is unavailable, by its name.',
      labelNames: ['name'],
      registers: [registry],
      collect() {
        this.reset();
        for (const [name, isAvailable] of available) this.set({ name }, isAvailable ? 0 : 1);
      },
    });
    new Counter({
      name: 'aggregator_unavailable_apiservice_total',
      help: 'How often an APIService became unavailable, by its name and the reason.',
      labelNames: ['name', 'reason'],
      registers: [registry],
      collect() {
        this.reset();
        for (const [name, counts] of lost) for (const [reason, count] of counts) this.inc({ name, reason }, count);
      },
    });
  }
}
