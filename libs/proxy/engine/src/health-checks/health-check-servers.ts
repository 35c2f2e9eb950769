import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Milliseconds } from '@kubernest/kit';
import type { HealthCheck } from './plan-health-checks.ts';

export interface Unanswered {
  readonly check: HealthCheck;
  readonly fault: Error;
}

const HEAD_WITHIN: Milliseconds = 5000;
/** Who asks are load balancers, every few seconds. */
const MOST_CONNECTIONS = 100;

const keyOf = ({ namespace, name, port }: HealthCheck): string => `${namespace}/${name} ${port}`;

/** Answers load balancers on this machine. Its methods are not called concurrently. */
export class HealthCheckServers {
  readonly #serving = new Map<string, Server>();
  #checks: ReadonlyMap<string, HealthCheck> = new Map();

  /** Whether the rules in force are those that there should be. Until then every node is better than this one. */
  isHealthy = false;

  /** Answers for these and no others. Gives those whose port this machine does not have. */
  async answerFor(checks: readonly HealthCheck[]): Promise<readonly Unanswered[]> {
    this.#checks = new Map(checks.map((check) => [keyOf(check), check]));
    await this.#closeAllBut(this.#checks);
    const unanswered: Unanswered[] = [];
    for (const [key, check] of this.#checks) {
      if (this.#serving.has(key)) continue;
      const fault = await this.#serve(key, check.port);
      if (fault) unanswered.push({ check, fault });
    }
    return unanswered;
  }

  close(): Promise<void> {
    return this.#closeAllBut(new Map());
  }

  async #closeAllBut(kept: ReadonlyMap<string, unknown>): Promise<void> {
    for (const [key, server] of this.#serving) {
      if (kept.has(key)) continue;
      this.#serving.delete(key);
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    }
  }

  async #serve(key: string, port: number): Promise<Error | undefined> {
    const server = createServer({ headersTimeout: HEAD_WITHIN, requestTimeout: HEAD_WITHIN }, (_, response) =>
      this.#answer(key, response),
    );
    server.maxConnections = MOST_CONNECTIONS;
    try {
      await once(server.listen({ port, host: '0.0.0.0', exclusive: true }), 'listening');
    } catch (error) {
      return error as Error;
    }
    server.on('error', () => {});
    this.#serving.set(key, server);
    return undefined;
  }

  /** compat: whatever path is asked for, in kube-proxy's words. */
  #answer(key: string, response: ServerResponse): void {
    const { namespace, name, localEndpoints } = this.#checks.get(key)!;
    const serviceProxyHealthy = this.isHealthy;
    const headers = {
      'content-type': 'application/json',
      'x-content-type-options': 'nosniff',
      'x-load-balancing-endpoint-weight': String(localEndpoints),
    };
    const body = { service: { namespace, name }, localEndpoints, serviceProxyHealthy };
    response.writeHead(localEndpoints > 0 && serviceProxyHealthy ? 200 : 503, headers);
    response.end(JSON.stringify(body, null, '\t'));
  }
}
