import { type Dataplane, RulesRefused, type ServicePortRule, type ServiceRules } from './dataplane.ts';
import { mustBeSound } from './sound.ts';

export interface MemoryDataplane extends Dataplane {
  /** Every set of rules that was asked for, in order. */
  readonly asked: readonly ServiceRules[];
  /** Undefined when there are none. */
  readonly inForce: ServiceRules | undefined;
}

/** A kernel for tests. `whyNot` says why it does not take a rule; undefined takes it. */
export function memoryDataplane(whyNot: (rule: ServicePortRule) => string | undefined): MemoryDataplane {
  const asked: ServiceRules[] = [];
  let inForce: ServiceRules | undefined;
  return {
    name: 'memory',
    asked,
    get inForce() {
      return inForce;
    },
    async apply(rules) {
      asked.push(rules);
      mustBeSound(rules);
      for (const rule of rules.ports) {
        const why = whyNot(rule);
        if (why !== undefined) throw new RulesRefused(why);
      }
      const full = inForce === undefined;
      const [before, now] = [new Set(textsOf(inForce)), new Set(textsOf(rules))];
      inForce = rules;
      const lines = now.difference(before).size + before.difference(now).size;
      return { lines, full };
    },
    held: () => inForce,
    teardown() {
      inForce = undefined;
      return Promise.resolve();
    },
  };
}

const textsOf = (rules: ServiceRules | undefined): string[] => (rules?.ports ?? []).map((rule) => JSON.stringify(rule));
