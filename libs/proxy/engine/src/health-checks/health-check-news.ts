import type { EventRecorder } from '@kubernest/client';
import { type Context, type Milliseconds, messageOf } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';
import { healthCheckUnanswered } from '@kubernest/proxy/contract';
import type { Unanswered } from './health-check-servers.ts';

/** How often the Warning comes as long as it holds. */
const tellEvery: Milliseconds = 300_000;

export interface HealthCheckNewsParts {
  readonly nodeName: string;
  readonly events: EventRecorder;
  /** The Service of `namespace/name`; undefined when it is gone. */
  serviceOf(key: string): KubeObject | undefined;
}

/** Tells people, as Events of their Services, that load balancers get no answer from this machine, again from time to time. */
export class HealthCheckNews {
  /** When each was last told of, on the monotonic clock. */
  #told: ReadonlyMap<string, Milliseconds> = new Map();

  constructor(private readonly parts: HealthCheckNewsParts) {}

  tell(unanswered: readonly Unanswered[], ctx: Context): void {
    const { nodeName, events, serviceOf } = this.parts;
    const now = ctx.clock.monotonic();
    const told = new Map<string, Milliseconds>();
    for (const { check, fault } of unanswered) {
      const service = `${check.namespace}/${check.name}`;
      const key = `${service} ${check.port}`;
      const before = this.#told.get(key);
      const isNews = before === undefined || now - before >= tellEvery;
      told.set(key, isNews ? now : before);
      const object = isNews && serviceOf(service);
      if (!object) continue;
      const message = `node ${nodeName} failed to start healthcheck "${service}" on port ${check.port}: ${messageOf(fault)}; it is tried again`;
      if (before === undefined) ctx.log.warn(message);
      events.record(object, { type: 'Warning', reason: healthCheckUnanswered, message });
    }
    this.#told = told;
  }
}
