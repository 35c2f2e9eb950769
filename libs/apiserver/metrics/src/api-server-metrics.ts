import {
  type ApiCore,
  type ApiServerParts,
  type AuditEvent,
  type Serving,
  textResponse,
} from '@kubernest/apiserver/contract';
import type { Clock } from '@kubernest/kit';
import type { Metric, Registry } from 'prom-client';
import { buckets, RequestTally, type Tally } from './request-tally.ts';

/** Event loop and garbage collection are looked at this often once somebody reads the metrics. */
const LOOP_PRECISION_MS = 100;

export interface ApiServerMetrics {
  /** For the API server's `audit` hook. */
  readonly observe: (event: AuditEvent) => void;
  /** For its `documents`. */
  readonly documents: NonNullable<ApiServerParts['documents']>;
}

export function apiServerMetrics(serving: Serving, clock: Clock): ApiServerMetrics {
  const tally = new RequestTally();
  return {
    observe: (event) => tally.record(event, (clock.now().getTime() - event.receivedAt.getTime()) / 1000),
    documents: (core) => {
      let registry: Promise<Registry> | undefined;
      let text: Promise<string> | undefined;
      return {
        '/metrics': async () => {
          registry ??= openRegistry({ tally, serving, core, clock });
          const opened = await registry;
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

interface Observed {
  readonly tally: RequestTally;
  readonly serving: Serving;
  readonly core: ApiCore;
  readonly clock: Clock;
}

async function openRegistry({ tally, serving, core, clock }: Observed): Promise<Registry> {
  const { Registry, Gauge, Counter, collectDefaultMetrics } = (await import('prom-client')).default;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_PRECISION_MS });
  new Gauge({
    name: 'apiserver_storage_objects',
    help: 'Number of stored objects, by resource.',
    labelNames: ['resource'],
    registers: [registry],
    collect() {
      // What is gone since has no objects.
      this.reset();
      for (const { group, plural, virtual } of serving.current.definitions)
        if (!virtual)
          this.set(
            { resource: group ? `${plural}.${group}` : plural },
            core.read.list({ group, resource: plural }).length,
          );
    },
  });
  new Counter({
    name: 'apiserver_request_total',
    help: 'Number of requests, by what they asked and how they ended.',
    labelNames: ['component', 'group', 'resource', 'scope', 'subresource', 'verb', 'version', 'code'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { labels, code, count } of tally.all()) this.inc({ ...labels, code }, count);
    },
  });
  new Counter({
    name: 'apiserver_request_terminations_total',
    help: 'Number of requests that the API server ended in self-defence: too many in flight, or too late.',
    labelNames: ['component', 'group', 'resource', 'scope', 'subresource', 'verb', 'version', 'code'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { labels, code, terminated } of tally.all())
        if (terminated > 0) this.inc({ ...labels, code }, terminated);
    },
  });
  new Gauge({
    name: 'apiserver_current_inflight_requests',
    help: 'The most requests that were worked on at once in the last second, by sort.',
    labelNames: ['request_kind'],
    registers: [registry],
    collect() {
      const { readOnly, mutating } = core.inFlight(clock.now());
      this.set({ request_kind: 'readOnly' }, readOnly);
      this.set({ request_kind: 'mutating' }, mutating);
    },
  });
  registry.registerMetric(durations(tally) as unknown as Metric);
  return registry;
}

/** A histogram that was counted elsewhere, in the shape that the registry prints. */
function durations(tally: RequestTally): { readonly name: string; get(): Promise<object> } {
  const name = 'apiserver_request_duration_seconds';
  const help = 'Time until a request was answered, in seconds; watches and sessions are left out.';
  return {
    name,
    get: () => Promise.resolve({ name, help, type: 'histogram', values: byLabels(tally.all()).flatMap(valuesOf) }),
  };

  function valuesOf({ labels, within, seconds, count }: Tally): object[] {
    let sum = 0;
    const counted = within.map((many, index) => {
      sum += many;
      const le = index < buckets.length ? String(buckets[index]) : '+Inf';
      return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: sum };
    });
    return [
      ...counted,
      { metricName: `${name}_sum`, labels, value: seconds },
      { metricName: `${name}_count`, labels, value: count },
    ];
  }
}

/** The code is no label of the histogram: tallies that differ only there are one. */
function byLabels(tallies: readonly Tally[]): readonly Tally[] {
  const merged = new Map<string, Tally>();
  for (const tally of tallies) {
    if (tally.lasting) continue;
    const key = JSON.stringify(tally.labels);
    const before = merged.get(key);
    merged.set(key, {
      ...tally,
      count: tally.count + (before?.count ?? 0),
      seconds: tally.seconds + (before?.seconds ?? 0),
      within: tally.within.map((many, index) => many + (before?.within[index] ?? 0)),
    });
  }
  return [...merged.values()];
}
