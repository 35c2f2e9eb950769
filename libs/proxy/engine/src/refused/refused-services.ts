import { Backoff, type Milliseconds } from '@kubernest/kit';
import type { ServicePortRule, ServiceRules } from '@kubernest/proxy/contract';
import { serviceKeyOf } from '../plan-rules.ts';
import { byService, type Taken } from './apply-taken.ts';

interface Refused {
  /** The rules that were refused. */
  readonly rules: string;
  readonly why: string;
  /** On the monotonic clock: then they are tried again. */
  readonly until: Milliseconds;
}

const wait = { initial: 10_000, max: 600_000 };
/** Those that were not come to have their turn after this. */
const soon: Milliseconds = 1000;

/** Remembers which Services the kernel refused, so that they are tried again when they change, and else ever more seldom. */
export class RefusedServices {
  readonly #refused = new Map<string, Refused>();
  readonly #backoff = new Backoff(wait);
  #unfinished = false;

  /** `wanted` without the Services that are known to be refused as they are. */
  leaveOut(wanted: ServiceRules, now: Milliseconds): ServiceRules {
    if (this.#refused.size === 0) return wanted;
    const services = byService(wanted.ports.filter((port) => this.#refused.has(serviceKeyOf(port))));
    for (const key of this.#refused.keys()) if (!services.has(key)) this.#forget(key);
    const out = new Set(
      [...this.#refused].flatMap(([key, { rules, until }]) =>
        now < until && rules === printOf(services.get(key)) ? [key] : [],
      ),
    );
    return { ...wanted, ports: wanted.ports.filter((port) => !out.has(serviceKeyOf(port))) };
  }

  /** What came of `tried`. */
  learn({ refused, unfinished }: Pick<Taken, 'refused' | 'unfinished'>, tried: ServiceRules, now: Milliseconds): void {
    this.#unfinished = unfinished.size > 0;
    if (refused.size + this.#refused.size === 0) return;
    for (const [key, rules] of byService(tried.ports)) {
      if (unfinished.has(key)) continue;
      const why = refused.get(key);
      if (why === undefined) this.#forget(key);
      else this.#refused.set(key, { rules: printOf(rules), why, until: now + this.#backoff.next(key) });
    }
  }

  /** `namespace/name` and the words it was refused with. */
  get all(): ReadonlyMap<string, string> {
    return new Map([...this.#refused].map(([key, { why }]) => [key, why]));
  }

  /** How long until there is something to try again; undefined when there is nothing. */
  nextTry(now: Milliseconds): Milliseconds | undefined {
    const times = [...this.#refused.values()].map(({ until }) => until - now);
    if (this.#unfinished) times.push(soon);
    return times.length === 0 ? undefined : Math.max(0, Math.min(...times));
  }

  #forget(key: string): void {
    this.#refused.delete(key);
    this.#backoff.forget(key);
  }
}

const printOf = (rules: readonly ServicePortRule[] | undefined): string => JSON.stringify(rules ?? []);
