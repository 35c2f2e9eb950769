import type { Context } from '@kubernest/kit';
import {
  type ApplyReport,
  type Dataplane,
  RulesRefused,
  type ServicePortRule,
  type ServiceRules,
} from '@kubernest/proxy/contract';
import { serviceKeyOf } from '../plan-rules.ts';

export interface Taken {
  /** What is in force now. */
  readonly rules: ServiceRules;
  readonly report: ApplyReport;
  /** `namespace/name` of the Services that the kernel refuses, each with its words. */
  readonly refused: ReadonlyMap<string, string>;
  /** The Services that were not come to this time: they are as they were before. */
  readonly unfinished: ReadonlySet<string>;
}

/** So often the kernel is asked in search of who is refused, before others have their turn. */
export const mostAttempts = 64;

/**
 * Brings in force what the kernel takes. When it refuses the whole, the Services that changed are tried by halves while all others stay as they
 * are; who is refused alone is left out. A fault of the machine is thrown.
 */
export async function applyTaken(dataplane: Dataplane, wanted: ServiceRules, ctx: Context): Promise<Taken> {
  try {
    return { rules: wanted, report: await dataplane.apply(wanted, ctx), refused: new Map(), unfinished: new Set() };
  } catch (error) {
    if (!(error instanceof RulesRefused)) throw error;
  }
  const search = new Search(dataplane, wanted, ctx);
  await search.begin();
  return search.end();
}

type ByService = Map<string, readonly ServicePortRule[]>;

class Search {
  readonly #wanted: ByService;
  #inForce: ByService = new Map();
  readonly #refused = new Map<string, string>();
  readonly #unfinished = new Set<string>();
  #attempts = 0;
  #lines = 0;

  constructor(
    private readonly dataplane: Dataplane,
    private readonly rules: ServiceRules,
    private readonly ctx: Context,
  ) {
    this.#wanted = byService(rules.ports);
  }

  async begin(): Promise<void> {
    const before = byService(this.dataplane.held()?.ports ?? []);
    const stay = new Map([...before].filter(([key]) => this.#wanted.has(key)));
    // Without any Service it is the machine that refuses: then this throws.
    if (!(await this.#tryWith(stay))) await this.#apply(new Map());
    const changed = [...this.#wanted.keys()].filter((key) => !same(this.#wanted.get(key), this.#inForce.get(key)));
    await this.#takeHalves(changed);
  }

  async end(): Promise<Taken> {
    await this.#apply(this.#inForce);
    const report = { lines: this.#lines, full: false };
    return { rules: this.#with(this.#inForce), report, refused: this.#refused, unfinished: this.#unfinished };
  }

  async #take(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    if (this.#attempts >= mostAttempts) {
      for (const key of keys) this.#unfinished.add(key);
      return;
    }
    const next = new Map([...this.#inForce, ...keys.map((key) => [key, this.#wanted.get(key)!] as const)]);
    const why = await this.#whyNot(next);
    if (why === undefined) return;
    const [only, ...more] = keys;
    if (more.length > 0) return this.#takeHalves(keys);
    this.#refused.set(only!, why);
    this.#inForce.delete(only!);
  }

  async #takeHalves(keys: readonly string[]): Promise<void> {
    const half = Math.ceil(keys.length / 2);
    await this.#take(keys.slice(0, half));
    await this.#take(keys.slice(half));
  }

  async #tryWith(services: ByService): Promise<boolean> {
    return (await this.#whyNot(services)) === undefined;
  }

  async #whyNot(services: ByService): Promise<string | undefined> {
    this.#attempts++;
    try {
      await this.#apply(services);
      return undefined;
    } catch (error) {
      if (error instanceof RulesRefused) return error.message;
      throw error;
    }
  }

  async #apply(services: ByService): Promise<void> {
    const { lines } = await this.dataplane.apply(this.#with(services), this.ctx);
    this.#lines += lines;
    this.#inForce = services;
  }

  #with(services: ByService): ServiceRules {
    const ports = [...services.values()].flat().sort((a, b) => (a.id < b.id ? -1 : 1));
    return { ...this.rules, ports };
  }
}

export function byService(ports: readonly ServicePortRule[]): ByService {
  const found = new Map<string, ServicePortRule[]>();
  for (const port of ports) {
    const key = serviceKeyOf(port);
    const known = found.get(key);
    if (known) known.push(port);
    else found.set(key, [port]);
  }
  return found;
}

/** As they are kept in a file, too. */
const same = (a: readonly ServicePortRule[] | undefined, b: readonly ServicePortRule[] | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
