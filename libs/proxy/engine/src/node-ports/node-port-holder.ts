import type { Milliseconds } from '@kubernest/kit';
import type { ServicePortRule, ServiceRules } from '@kubernest/proxy/contract';
import { type HeldPort, holdPort, type NodePort } from './port-sockets.ts';

/** Rules that this machine can keep, and those of their node ports that it does not hold. */
export interface Taken {
  /** Without the node ports that are missing: traffic to those is for whoever has them. */
  readonly rules: ServiceRules;
  /** Another program or cluster has their port. */
  readonly missing: readonly ServicePortRule[];
  /** Those that this machine could not even try, for a fault of its own: they keep their rules unless they were missing before. */
  readonly unheld: readonly Unheld[];
}

export interface Unheld {
  readonly rule: ServicePortRule;
  readonly fault: Error;
}

/** Whoever had a port and is only started again has it back within this time: so long it must have been free to be taken. */
export const leftAlone: Milliseconds = 5000;

/** Holds the node ports of the rules in force on this machine. Its methods are not called concurrently. */
export class NodePortHolder {
  readonly #held = new Map<string, HeldPort>();
  /** Of those that another had: since when they were seen free, or that they are not. */
  readonly #missing = new Map<string, Milliseconds | 'in use'>();
  readonly #faults = new Map<string, Error>();

  constructor(private readonly hold: typeof holdPort = holdPort) {}

  /** Takes what is new, and tries again what is not held. Call before the rules are written. `now` is the monotonic clock's. */
  async take(rules: ServiceRules, now: Milliseconds): Promise<Taken> {
    const wanted = nodePortsOf(rules);
    for (const known of [this.#missing, this.#faults])
      for (const key of known.keys()) if (!wanted.has(key)) known.delete(key);
    for (const [key, port] of wanted) if (!this.#held.has(key)) await this.#tryToTake(key, port, now);
    const isMissing = (rule: ServicePortRule): boolean => {
      const key = keyOf(rule);
      return key !== undefined && this.#missing.has(key);
    };
    const missing = rules.ports.filter(isMissing);
    const unheld = rules.ports.flatMap((rule) => {
      const fault = this.#faults.get(keyOf(rule) ?? '');
      return fault ? [{ rule, fault }] : [];
    });
    if (missing.length === 0) return { rules, missing, unheld };
    const ports = rules.ports.map((rule) => (isMissing(rule) ? { ...rule, nodePort: undefined } : rule));
    return { rules: { ...rules, ports }, missing, unheld };
  }

  async #tryToTake(key: string, port: NodePort, now: Milliseconds): Promise<void> {
    const held = await this.hold(port).catch((error: NodeJS.ErrnoException) => error);
    this.#faults.delete(key);
    if (held instanceof Error) {
      if (held.code === 'EADDRINUSE') this.#missing.set(key, 'in use');
      // Whose it is is as it was known before.
      else this.#faults.set(key, held);
      return;
    }
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
