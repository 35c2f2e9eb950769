import type { EventRecorder } from '@kubernest/client';
import { type Context, type Milliseconds, messageOf } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';
import { nodePortAvailable, nodePortUnavailable, type ServicePortRule, warnEvery } from '@kubernest/proxy/contract';
import type { Unheld } from './node-port-holder.ts';

interface Told {
  readonly service: KubeObject;
  readonly rule: ServicePortRule;
  /** On the monotonic clock. */
  readonly at: Milliseconds;
}

export interface NodePortNewsParts {
  readonly nodeName: string;
  readonly events: EventRecorder;
  /** The Service of a rule; undefined when it is gone. */
  serviceOf(rule: ServicePortRule): KubeObject | undefined;
}

/** Tells people, as Events of their Services, which node ports this machine does not have, again from time to time, and which it got after all. */
export class NodePortNews {
  readonly #told = new Map<string, Told>();
  #logged: ReadonlySet<string> = new Set();

  constructor(private readonly parts: NodePortNewsParts) {}

  /** `missing`, and all rules that there are. */
  tell(missing: readonly ServicePortRule[], rules: readonly ServicePortRule[], ctx: Context): void {
    const now = ctx.clock.monotonic();
    const still = new Set(missing.map(keyOf));
    for (const rule of missing) {
      const before = this.#told.get(keyOf(rule));
      const service = this.parts.serviceOf(rule);
      if (!service || (before && now - before.at < warnEvery)) continue;
      this.#told.set(keyOf(rule), { service, rule, at: now });
      if (!before) ctx.log.warn(`node port ${nameOf(rule)} of ${rule.id} is in use by another program or cluster`);
      const message = `node port ${nameOf(rule)} is in use by another program or cluster on node ${this.parts.nodeName}; it is taken once that gives it up`;
      this.parts.events.record(service, {
        type: 'Warning',
        reason: nodePortUnavailable,
        message,
        fieldPath: pathOf(rule),
      });
    }
    const wanted = new Set(rules.map(keyOf));
    for (const [key, { service, rule }] of this.#told) {
      if (still.has(key)) continue;
      this.#told.delete(key);
      if (!wanted.has(key)) continue;
      const message = `node port ${nameOf(rule)} is free on node ${this.parts.nodeName} and taken`;
      this.parts.events.record(service, {
        type: 'Normal',
        reason: nodePortAvailable,
        message,
        fieldPath: pathOf(rule),
      });
    }
  }

  /** A fault of this machine is for whoever keeps it, once: no Service can do anything about it. */
  log(unheld: readonly Unheld[], ctx: Context): void {
    const now = new Set<string>();
    for (const { rule, fault } of unheld) {
      now.add(keyOf(rule));
      if (this.#logged.has(keyOf(rule))) continue;
      ctx.log.error(`node port ${nameOf(rule)} of ${rule.id} could not be held, trying again: ${messageOf(fault)}`);
    }
    this.#logged = now;
  }
}

const nameOf = ({ nodePort, protocol }: ServicePortRule): string => `${nodePort}/${protocol}`;
const keyOf = (rule: ServicePortRule): string => `${rule.id} ${nameOf(rule)}`;
/** Tells the ports of one Service apart, for whoever reads Events. */
const pathOf = (rule: ServicePortRule): string => `spec.ports{${nameOf(rule)}}`;
