import type { ServicePortRule, ServiceRules } from '@kubernest/proxy/contract';
import { type HeldPort, holdPort, type NodePort } from './port-sockets.ts';

/** Rules that this machine can keep, and those whose node port another program or cluster has. */
export interface Taken {
  /** Without the node ports that are missing: traffic to those is for whoever has them. */
  readonly rules: ServiceRules;
  readonly missing: readonly ServicePortRule[];
}

/** Holds the node ports of the rules in force on this machine. Its methods are not called concurrently. */
export class NodePortHolder {
  readonly #held = new Map<string, HeldPort>();

  /** Takes what is new, and tries again what was missing. Call before the rules are written. */
  async take(rules: ServiceRules): Promise<Taken> {
    for (const [key, port] of nodePortsOf(rules)) {
      if (this.#held.has(key)) continue;
      const held = await holdPort(port).catch(() => undefined);
      if (held) this.#held.set(key, held);
    }
    const isMissing = (rule: ServicePortRule): boolean => {
      const key = keyOf(rule);
      return key !== undefined && !this.#held.has(key);
    };
    const missing = rules.ports.filter(isMissing);
    if (missing.length === 0) return { rules, missing };
    const ports = rules.ports.map((rule) => (isMissing(rule) ? { ...rule, nodePort: undefined } : rule));
    return { rules: { ...rules, ports }, missing };
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
