import type { InformerSet } from '@kubernest/client';
import type { Controller, ControllerContext } from '@kubernest/controllers/engine';
import type { SentDefinition } from '@kubernest/kinds';
import { deepEqual } from '@kubernest/meta';
import type { Condition } from '../shared/conditions.ts';
import { hasItsNames } from '../shared/installing.ts';
import { refs } from '../shared/refs.ts';
import { planStatus } from './crd-conditions.plan.ts';
import { OwnWrites } from './own-writes.ts';
import { schemaConditions } from './schema-conditions.ts';
import { sharingNames } from './sharing-names.ts';

/** Gives definitions their names, and says what is wrong with them. */
export const crdConditions: Controller = {
  name: 'crd-conditions',
  serviceAccount: 'crd-conditions-controller',
  reconciles: refs.customResourceDefinitions,
  watches: [
    {
      ref: refs.customResourceDefinitions,
      // Names that one gave up, or took with it, may be what others wait for.
      keys: (crd, informers) => [crd.metadata.name!, ...waitingBeside(crd, informers)],
    },
  ],
  writes: [
    { group: refs.customResourceDefinitions.group, resource: 'customresourcedefinitions/status', verbs: ['update'] },
  ],
  // Who gets a name is decided one after the other; what was decided is written side by side.
  workers: 16,
  begin: () => {
    const conditions = new CrdConditions();
    return { ...crdConditions, reconcile: (name, ctx) => conditions.reconcile(name, ctx) };
  },
  reconcile: (name, ctx) => new CrdConditions().reconcile(name, ctx),
};

function waitingBeside(crd: SentDefinition, informers: InformerSet): readonly string[] {
  const names = sharingNames(crd, informers).filter((other) => !hasItsNames(other));
  return names.map(({ metadata }) => metadata.name!);
}

/** What was said of the schemas of one generation. */
interface Judged {
  readonly of: string;
  readonly conditions: readonly Condition[];
}

/** One term of leadership. */
class CrdConditions {
  readonly #own = new OwnWrites();
  readonly #judged = new Map<string, Judged>();

  async reconcile(name: string, ctx: ControllerContext): ReturnType<Controller['reconcile']> {
    const cached = ctx.informers.of<SentDefinition>(refs.customResourceDefinitions).get(name);
    if (!cached) this.#forget(name);
    // What goes gets nothing any more, and keeps its names until it is gone.
    if (!cached || cached.metadata.deletionTimestamp) return 'done';
    const schemas = await this.#schemas(cached);
    // From here to the write nobody else decides.
    const crd = this.#own.latest(cached);
    const plan = planStatus(crd, { group: this.#rivalsOf(crd, ctx), schemas, now: ctx.clock.now() });
    const status = { ...crd.status, ...plan };
    if (!deepEqual(status as never, (crd.status ?? {}) as never)) {
      const api = ctx.client.resource<SentDefinition>(refs.customResourceDefinitions);
      const wanted = { ...crd, status };
      await this.#own.write(wanted, () => api.updateStatus(wanted, {}, ctx));
    }
    return 'done';
  }

  #rivalsOf(crd: SentDefinition, ctx: ControllerContext): readonly SentDefinition[] {
    return sharingNames(crd, ctx.informers).flatMap((each) => this.#own.possible(each));
  }

  /** Schemas may be large: each is judged once. */
  async #schemas(crd: SentDefinition): Promise<readonly Condition[]> {
    const { name = '', uid, generation } = crd.metadata;
    const of = `${uid} ${generation}`;
    const before = this.#judged.get(name);
    if (before?.of === of) return before.conditions;
    const conditions = await schemaConditions(crd);
    this.#judged.set(name, { of, conditions });
    return conditions;
  }

  #forget(name: string): void {
    this.#own.forget(name);
    this.#judged.delete(name);
  }
}
