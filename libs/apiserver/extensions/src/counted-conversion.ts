import { type Clock, exponentialBuckets, type Metrics } from '@kubernest/kit';
import { parseApiVersion } from '@kubernest/meta';
import type { Convert } from './conversion.ts';
import { ConversionFailure } from './conversion-failure.ts';

const REQUEST_SECONDS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 45, 60];
const CONVERSION_SECONDS = exponentialBuckets(0.001, 2, 15);

/** What a converter of somebody's is asked, as Kubernetes counts it. `name`: of the definition. */
export function countedConversion(convert: Convert, name: string, { metrics, clock }: Counting): Convert {
  const results = ['result', 'failure_type'];
  const asked = metrics.counter({
    name: 'apiserver_conversion_webhook_request_total',
    help: 'Counter for conversion webhook requests with success/failure and failure error type.',
    labels: results,
  });
  const took = metrics.histogram({
    name: 'apiserver_conversion_webhook_duration_seconds',
    help: 'Conversion webhook request latency.',
    labels: results,
    buckets: REQUEST_SECONDS,
  });
  const converted = metrics.histogram({
    name: 'apiserver_crd_conversion_webhook_duration_seconds',
    help: 'CRD webhook conversion duration in seconds.',
    labels: ['crd_name', 'from_version', 'to_version', 'succeeded'],
    buckets: CONVERSION_SECONDS,
  });
  return async (objects, to, signal) => {
    const first = objects.find(({ apiVersion }) => apiVersion !== to);
    if (!first) return objects;
    const versions = [first.apiVersion ?? '', to].map((apiVersion) => parseApiVersion(apiVersion).version);
    const began = clock.monotonic();
    const ended = (failure: string) => {
      const seconds = (clock.monotonic() - began) / 1000;
      const result = [failure === '' ? 'success' : 'failure', failure];
      asked.of(...result).add();
      took.of(...result).observe(seconds);
      converted.of(name, ...versions, String(failure === '')).observe(seconds);
    };
    try {
      const answer = await convert(objects, to, signal);
      ended('');
      return answer;
    } catch (error) {
      ended(error instanceof ConversionFailure ? error.type : 'conversion_webhook_call_failure');
      throw error;
    }
  };
}

export interface Counting {
  readonly metrics: Metrics;
  readonly clock: Clock;
}
