import type { Milliseconds } from '@kubernest/kit';
import type { ServicePortRule, ServiceRules } from '@kubernest/proxy/contract';
import { type HeldPort, holdPort, type NodePort } from './port-sockets.ts';

/** Rules that this machine can keep, and those whose node port another program or cluster has. */
export interface Taken {
  /** Without the node ports that are missing: traffic to those is for whoever has them. */
  readonly rules: ServiceRules;
  readonly missing: readonly ServicePortRule[];
}

/** Whoever had a port and is only started again has it back within this time: so long it must have been free to be taken. */
export const leftAlone: Milliseconds = 5000;

/** Holds the node ports of the rules in force on this machine. Its methods are not called concurrently. */
export class NodePortHolder {
  readonly #held = new Map<string, HeldPort>();
  /** Of those that another had: since when they were seen free, or that they are not. */
  readonly #missing = new Map<string, Milliseconds | 'in use'>();

  /** Takes what is new, and tries again what was missing. Call before the rules are written. `now` is the monotonic clock's. */
  async take(rules: ServiceRules, now: Milliseconds): Promise<Taken> {
    const wanted = nodePortsOf(rules);
    for (const key of this.#missing.keys()) if (!wanted.has(key)) this.#missing.delete(key);
    for (const [key, port] of wanted) if (!this.#held.has(key)) await this.#tryToTake(key, port, now);
    const isMissing = (rule: ServicePortRule): boolean => {
      const key = keyOf(rule);
      return key !== undefined && !this.#held.has(key);
    };
    const missing = rules.ports.filter(isMissing);
    if (missing.length === 0) return { rules, missing };
    const ports = rules.ports.map((rule) => (isMissing(rule) ? { ...rule, nodePort: undefined } : rule));
    return { rules: { ...rules, ports }, missing };
  }

  async #tryToTake(key: string, port: NodePort, now: Milliseconds): Promise<void> {
    const held = await holdPort(port).catch(() => undefined);
    if (!held) return void this.#missing.set(key, 'in use');
    const before = this.#missing.get(key);
    if (before === undefined || (before !== 'in use' && now - before >= leftAlone)) {
      this.#missing.delete(key);
      this.#held.set(key, held);
      return;
    }
    if (before === 'in use') this.#missing.set(key, now);
    await held.close();
  }

  /** Gives up what is in no rule any more. Call after the rules were written. */
  async release(rules: ServiceRules): Promise<void> {
    const needed = nodePortsOf(rules);
    await Promise.all([...this.#held.keys()].filter((key) => !needed.has(key)).map((key) => this.#close(key)));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#held.keys()].map((key) => this.#close(key)));
  }

  async #close(key: string): Promise<void> {
    const held = this.#held.get(key);
    this.#held.delete(key);
    await held?.close();
  }
}

const keyOf = ({ protocol, nodePort }: ServicePortRule): string | undefined =>
  nodePort === undefined ? undefined : `${nodePort}/${protocol}`;

function nodePortsOf({ ports }: ServiceRules): ReadonlyMap<string, NodePort> {
  return new Map(
    ports.flatMap((rule) => {
      const key = keyOf(rule);
      return key === undefined ? [] : [[key, { protocol: rule.protocol, port: rule.nodePort! }]];
    }),
  );
}
