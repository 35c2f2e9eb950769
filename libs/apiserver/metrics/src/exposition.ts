import { kubernetesVersion, type Metric, type Metrics } from '@kubernest/kit';
import type { Metric as PrintedMetric, Registry } from 'prom-client';

/** Event loop and garbage collection are looked at this often once somebody reads the metrics. */
const LOOP_PRECISION_MS = 100;

export interface Exposed {
  readonly text: string;
  readonly contentType: string;
}

/** The text of what a process counts, and of what is known of the process itself. Nothing is loaded before somebody asks. */
export class Exposition {
  #registry: Promise<Registry> | undefined;
  #text: Promise<string> | undefined;

  /** `more`: what is counted elsewhere than in `metrics`. */
  constructor(
    private readonly metrics: Metrics,
    private readonly more: readonly Metric[] = [],
  ) {
    const { major, minor, gitVersion } = kubernetesVersion;
    const help = 'Which version this is.';
    metrics.gauge({ name: 'kubernetes_build_info', help, labels: ['major', 'minor', 'git_version'] }, () => [
      { values: [major, minor, gitVersion], value: 1 },
    ]);
  }

  /** All who ask at once are told the same. */
  async read(): Promise<Exposed> {
    this.#registry ??= openRegistry(this.more);
    const registry = await this.#registry;
    // What has begun since counts, too.
    for (const metric of this.metrics.all()) if (!registry.getSingleMetric(metric.name)) print(metric, registry);
    this.#text ??= this.#untilNextTurn(registry.metrics());
    return { text: await this.#text, contentType: registry.contentType };
  }

  #untilNextTurn(made: Promise<string>): Promise<string> {
    setImmediate(() => {
      this.#text = undefined;
    });
    return made;
  }
}

async function openRegistry(more: readonly Metric[]): Promise<Registry> {
  const { Registry, collectDefaultMetrics } = (await import('prom-client')).default;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_PRECISION_MS });
  for (const metric of more) print(metric, registry);
  return registry;
}

/** What was counted elsewhere, in the shape that the registry prints. */
function print(metric: Metric, registry: Registry): void {
  const { name, help, type } = metric;
  const get = () => Promise.resolve({ name, help, type, values: metric.samples() });
  registry.registerMetric({ name, get } as unknown as PrintedMetric);
}
