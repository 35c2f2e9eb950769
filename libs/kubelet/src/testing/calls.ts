import type { Context } from '@kubernest/kit';

/** A call on its way to the engine, the network, a mount or a cgroup. */
export interface Call {
  /** It is the n-th of its test, from 1. */
  readonly n: number;
  readonly name: string;
  /** Who does it: an engine goes on whatever becomes of the agent. */
  readonly by: 'engine' | 'agent';
  readonly args: readonly unknown[];
  readonly ctx: Context;
}

/** What becomes of a call; `run` is the call itself. */
export type Fate = (call: Call, run: () => Promise<unknown>) => Promise<unknown>;

/** Calls that make, end or ask for something, counted over all that is wrapped, and each handed to its fate. */
export class FatefulCalls {
  count = 0;

  constructor(private readonly fate: Fate) {}

  /** `subject`, with the calls of these names on their way through here. A call's last argument is its context. */
  wrap<T extends object>(by: Call['by'], subject: T, names: readonly (keyof T & string)[]): T {
    return new Proxy(subject, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== 'function') return value;
        if (!names.some((name) => name === key)) return value.bind(target);
        return (...args: unknown[]) => {
          const ctx = args.at(-1) as Context;
          return this.fate({ n: ++this.count, name: String(key), by, args, ctx }, async () =>
            value.apply(target, args),
          );
        };
      },
    });
  }
}
