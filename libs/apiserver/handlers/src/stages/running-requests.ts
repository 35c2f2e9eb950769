import {
  type ApiRequest,
  type ApiResponse,
  isLongRunning,
  type RequestInfo,
  scopeLabel,
  verbLabel,
} from '@kubernest/apiserver/contract';
import type { Metrics } from '@kubernest/kit';
import { isRouted, type Stage } from './stage.ts';

/** Counts what is meant to last. */
export function longRunning(metrics: Metrics | undefined): Stage {
  const running = new RunningRequests(metrics);
  return {
    answered: (passage, response) => (isRouted(passage) ? running.follow(passage, response) : response),
  };
}

interface Running {
  readonly values: readonly string[];
  count: number;
}

interface Answered {
  readonly request: ApiRequest;
  readonly info: RequestInfo;
}

/** Requests that are meant to last, as long as they do. */
export class RunningRequests {
  readonly #running = new Map<string, Running>();

  constructor(metrics: Metrics | undefined) {
    metrics?.gauge(
      {
        name: 'apiserver_longrunning_requests',
        help: 'Active long-running requests by verb, group, version, resource, scope and component.',
        labels: ['verb', 'group', 'version', 'resource', 'subresource', 'scope', 'component'],
      },
      () => [...this.#running.values()].map(({ values, count }) => ({ values, value: count })),
    );
  }

  /** Of what this server answers. What is refused lasts for nobody, and may not exist. compat: other servers count theirs. */
  follow({ request, info }: Answered, response: ApiResponse): ApiResponse {
    if (!isLongRunning(info)) return response;
    if (response.kind === 'upgraded') {
      request.upgrade?.socket.once('close', this.#begin(info));
      return response;
    }
    if ((response.kind !== 'watch' && response.kind !== 'stream') || response.status >= 400) return response;
    const run: (sink: never, ctx: never) => Promise<void> = response.run.bind(response);
    return {
      ...response,
      run: async (sink: unknown, ctx: unknown) => {
        const end = this.#begin(info);
        await run(sink as never, ctx as never).finally(end);
      },
    } as typeof response;
  }

  #begin(info: RequestInfo): () => void {
    const { group, version, resource, subresource } = info;
    const values = [verbLabel(info), group, version, resource, subresource, scopeLabel(info), 'apiserver'];
    const running = this.#running.getOrInsertComputed(values.join('\0'), () => ({ values, count: 0 }));
    running.count++;
    return () => {
      running.count--;
    };
  }
}
