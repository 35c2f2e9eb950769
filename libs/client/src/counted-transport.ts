import type { Counter, Histogram, Metrics } from '@kubernest/kit';
import { StatusError } from '@kubernest/meta';
import type { ApiCall, Transport } from './client.ts';

const SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];

/** Counts what goes through as Kubernetes' clients do; `host`: whom it asks. */
export function countedTransport(transport: Transport, host: string, metrics: Metrics): Transport {
  const calls = new Calls(host, metrics);
  return {
    async call(call, ctx) {
      const began = ctx.clock.monotonic();
      try {
        const answer = await transport.call(call, ctx);
        calls.count(call, String(answer.status));
        return answer;
      } catch (error) {
        calls.count(call, codeOf(error));
        throw error;
      } finally {
        calls.took(call, (ctx.clock.monotonic() - began) / 1000);
      }
    },
    // How long it lasts tells nothing. That it was begun shows with its first event, at the latest with its end.
    async watch(call, onEvent, ctx) {
      let isCounted = false;
      const began = () => {
        if (!isCounted) calls.count(call, '200');
        isCounted = true;
      };
      try {
        await transport.watch(
          call,
          (event) => {
            began();
            onEvent(event);
          },
          ctx,
        );
        began();
      } catch (error) {
        if (!isCounted) calls.count(call, ctx.signal.aborted ? '200' : codeOf(error));
        throw error;
      }
    },
  };
}

/** compat: who got no answer. */
const codeOf = (error: unknown): string => (error instanceof StatusError ? String(error.code) : '<error>');

class Calls {
  readonly #total: Counter;
  readonly #seconds: Histogram;

  constructor(
    private readonly host: string,
    metrics: Metrics,
  ) {
    this.#total = metrics.counter({
      name: 'rest_client_requests_total',
      help: 'Number of HTTP requests, partitioned by status code, method, and host.',
      labels: ['code', 'host', 'method'],
    });
    this.#seconds = metrics.histogram({
      name: 'rest_client_request_duration_seconds',
      help: 'Request latency in seconds. Broken down by verb, and host.',
      labels: ['host', 'verb'],
      buckets: SECONDS,
    });
  }

  count({ method }: ApiCall, code: string): void {
    this.#total.of(code, this.host, method).add();
  }

  took({ method }: ApiCall, seconds: number): void {
    this.#seconds.of(this.host, method).observe(seconds);
  }
}
