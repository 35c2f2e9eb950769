import {
  type ApiCore,
  type ApiServerParts,
  type AuditEvent,
  type Serving,
  textResponse,
} from '@kubernest/apiserver/contract';
import type { Clock, Metrics } from '@kubernest/kit';
import { Exposition } from './exposition.ts';
import { requestMetrics } from './request-metrics.ts';
import { RequestTally } from './request-tally.ts';

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
      const exposition = new Exposition(process, requestMetrics(tally));
      return {
        '/metrics': async () => {
          const { text, contentType } = await exposition.read();
          return textResponse(200, text, contentType);
        },
      };
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
    return { group, plural, value: core.read.count({ group, resource: plural }) };
  });
}
