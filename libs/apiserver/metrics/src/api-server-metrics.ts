import {
  type ApiCore,
  type ApiServerParts,
  type AuditEvent,
  type Serving,
  textResponse,
} from '@kubernest/apiserver/contract';
import { type Clock, kubernetesVersion, type Metric, type Metrics } from '@kubernest/kit';
import type { Metric as PrintedMetric, Registry } from 'prom-client';
import { requestMetrics } from './request-metrics.ts';
import { RequestTally } from './request-tally.ts';

/** Event loop and garbage collection are looked at this often once somebody reads the metrics. */
const LOOP_PRECISION_MS = 100;

export interface ApiServerMetrics {
  /** For the API server's `audit` hook. */
  readonly observe: (event: AuditEvent) => void;
  /** For its `documents`. */
  readonly documents: NonNullable<ApiServerParts['documents']>;
}

export interface Observed {
  readonly serving: Serving;
  readonly clock: Clock;
  /** What else is counted in this process. */
  readonly process: Metrics;
}

export function apiServerMetrics({ serving, clock, process }: Observed): ApiServerMetrics {
  const tally = new RequestTally();
  return {
    observe: (event) => tally.record(event, (clock.now().getTime() - event.receivedAt.getTime()) / 1000),
    documents: (core) => {
      lookUp({ serving, clock, process }, core);
      let registry: Promise<Registry> | undefined;
      let text: Promise<string> | undefined;
      return {
        '/metrics': async () => {
          registry ??= openRegistry(requestMetrics(tally));
          const opened = await registry;
          // What has begun since counts, too.
          for (const metric of process.all()) if (!opened.getSingleMetric(metric.name)) print(metric, opened);
          text ??= untilNextTurn(opened.metrics());
          return textResponse(200, await text, opened.contentType);
        },
      };

      /** All who ask at once are told the same. */
      function untilNextTurn(made: Promise<string>): Promise<string> {
        setImmediate(() => {
          text = undefined;
        });
        return made;
      }
    },
  };
}

/** What is known without counting. */
function lookUp({ serving, clock, process }: Observed, core: ApiCore): void {
  let stored: readonly Stored[] | undefined;
  const storedNow = (): readonly Stored[] => {
    if (stored) return stored;
    setImmediate(() => {
      stored = undefined;
    });
    stored = countStored(serving, core);
    return stored;
  };
  const help = 'Number of stored objects, by resource.';
  process.gauge({ name: 'apiserver_storage_objects', help, labels: ['resource'] }, () =>
    storedNow().map(({ group, plural, value }) => ({ values: [group ? `${plural}.${group}` : plural], value })),
  );
  process.gauge({ name: 'apiserver_resource_objects', help, labels: ['group', 'resource'] }, () =>
    storedNow().map(({ group, plural, value }) => ({ values: [group, plural], value })),
  );
  process.gauge(
    {
      name: 'apiserver_current_inflight_requests',
      help: 'The most requests that were worked on at once in the last second, by sort.',
      labels: ['request_kind'],
    },
    () => Object.entries(core.inFlight(clock.now())).map(([sort, value]) => ({ values: [sort], value })),
  );
  const { major, minor, gitVersion } = kubernetesVersion;
  const build = {
    name: 'kubernetes_build_info',
    help: 'Which version this is.',
    labels: ['major', 'minor', 'git_version'],
  };
  process.gauge(build, () => [{ values: [major, minor, gitVersion], value: 1 }]);
}

interface Stored {
  readonly group: string;
  readonly plural: string;
  readonly value: number;
}

/** Versions of one kind are the same objects. */
function countStored(serving: Serving, core: ApiCore): readonly Stored[] {
  const kinds = new Map(
    serving.current.definitions
      .filter(({ virtual }) => !virtual)
      .map(({ group, plural }) => [`${group}/${plural}`, { group, plural }]),
  );
  return [...kinds.values()].map(({ group, plural }) => {
    return { group, plural, value: core.read.list({ group, resource: plural }).length };
  });
}

async function openRegistry(requests: readonly Metric[]): Promise<Registry> {
  const { Registry, collectDefaultMetrics } = (await import('prom-client')).default;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_PRECISION_MS });
  for (const metric of requests) print(metric, registry);
  return registry;
}

/** What was counted elsewhere, in the shape that the registry prints. */
function print(metric: Metric, registry: Registry): void {
  const { name, help, type } = metric;
  const get = () => Promise.resolve({ name, help, type, values: metric.samples() });
  registry.registerMetric({ name, get } as unknown as PrintedMetric);
}
