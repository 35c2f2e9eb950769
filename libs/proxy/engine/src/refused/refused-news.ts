import type { EventRecorder } from '@kubernest/client';
import type { Context, Milliseconds } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';
import { rulesRefused, rulesTaken, warnEvery } from '@kubernest/proxy/contract';

export interface RefusedNewsParts {
  readonly nodeName: string;
  readonly events: EventRecorder;
  /** The Service of `namespace/name`; undefined when it is gone. */
  serviceOf(key: string): KubeObject | undefined;
}

const longest = 300;
const advice = 'change its external or load balancer addresses, source ranges or session affinity';

/** Tells people, as Events of their Services, whose rules this machine does not take, again from time to time, and whose it took after all. */
export class RefusedNews {
  /** When each was last told of, on the monotonic clock. */
  readonly #told = new Map<string, Milliseconds>();

  constructor(private readonly parts: RefusedNewsParts) {}

  tell(refused: ReadonlyMap<string, string>, ctx: Context): void {
    const { nodeName, events, serviceOf } = this.parts;
    const now = ctx.clock.monotonic();
    for (const [key, why] of refused) {
      const service = serviceOf(key);
      const before = this.#told.get(key);
      if (!service || (before !== undefined && now - before < warnEvery)) continue;
      this.#told.set(key, now);
      if (before === undefined) ctx.log.warn(`the rules of service ${key} are refused and left out: ${why}`);
      const words = why.replace(/\s+/g, ' ').slice(0, longest);
      const message = `node ${nodeName} does not take the rules of this Service, which has none there (${words}); ${advice}, or wait: they are tried again`;
      events.record(service, { type: 'Warning', reason: rulesRefused, message });
    }
    for (const key of this.#told.keys()) {
      if (refused.has(key)) continue;
      this.#told.delete(key);
      const service = serviceOf(key);
      const message = `node ${nodeName} has taken the rules of this Service`;
      if (service) events.record(service, { type: 'Normal', reason: rulesTaken, message });
    }
  }
}
