import type { InformerSet } from '@kubernest/client';
import type { Controller, ControllerContext } from '@kubernest/controllers/engine';
import type { SentDefinition } from '@kubernest/kinds';
import { deepEqual } from '@kubernest/meta';
import { isApiServerLease } from '../shared/api-server-lease.ts';
import { ApiServers } from '../shared/api-servers.ts';
import type { Condition } from '../shared/conditions.ts';
import { refs } from '../shared/refs.ts';
import { hasItsNames } from './accepted-names.plan.ts';
import { isInstalling, planStatus } from './crd-conditions.plan.ts';
import { OwnWrites } from './own-writes.ts';
import { schemaConditions } from './schema-conditions.ts';

/** Gives definitions their names, says what is wrong with them, and that they are established once every API server serves them. */
export const crdConditions: Controller = {
  name: 'crd-conditions',
  serviceAccount: 'crd-conditions-controller',
  reconciles: refs.customResourceDefinitions,
  watches: [
    {
      ref: refs.customResourceDefinitions,
      // Names that one gave up, or took with it, may be what others wait for.
      keys: (crd, informers) => [crd.metadata.name!, ...namesOf(waitingBeside(crd, informers))],
    },
    {
      ref: refs.leases,
      keys: (lease, informers) => (isApiServerLease(lease) ? namesOf(definitions(informers).filter(isInstalling)) : []),
    },
  ],
  writes: [
    { group: refs.customResourceDefinitions.group, resource: 'customresourcedefinitions/status', verbs: ['update'] },
  ],
  // compat: who gets a name is decided one after the other.
  workers: 1,
  begin: () => {
    const conditions = new CrdConditions();
    return { ...crdConditions, reconcile: (name, ctx) => conditions.reconcile(name, ctx) };
  },
  reconcile: (name, ctx) => new CrdConditions().reconcile(name, ctx),
};

const definitions = (informers: InformerSet): readonly SentDefinition[] =>
  informers.of<SentDefinition>(refs.customResourceDefinitions).list();

const namesOf = (crds: readonly SentDefinition[]): readonly string[] => crds.map(({ metadata }) => metadata.name!);

function waitingBeside({ spec, metadata }: SentDefinition, informers: InformerSet): readonly SentDefinition[] {
  return definitions(informers).filter(
    (other) => other.spec?.group === spec?.group && other.metadata.name !== metadata.name && !hasItsNames(other),
  );
}

/** What was said of the schemas of one generation. */
interface Judged {
  readonly of: string;
  readonly conditions: readonly Condition[];
}

/** One term of leadership. */
class CrdConditions {
  readonly #own = new OwnWrites();
  readonly #servers = new ApiServers();
  readonly #judged = new Map<string, Judged>();

  async reconcile(name: string, ctx: ControllerContext): ReturnType<Controller['reconcile']> {
    const cached = ctx.informers.of<SentDefinition>(refs.customResourceDefinitions).get(name);
    if (!cached) this.#forget(name);
    // What goes gets nothing any more, and keeps its names until it is gone.
    if (!cached || cached.metadata.deletionTimestamp) return 'done';
    const crd = this.#own.latest(cached);
    const behind = isInstalling(crd) ? this.#servers.timeBehind(crd.metadata.resourceVersion!, ctx) : 0;
    const plan = planStatus(crd, {
      group: this.#groupOf(crd, ctx),
      schemas: await this.#schemas(crd),
      servedEverywhere: behind === 0,
      now: ctx.clock.now(),
    });
    const status = { ...crd.status, ...plan };
    if (!deepEqual(status as never, (crd.status ?? {}) as never)) {
      const api = ctx.client.resource<SentDefinition>(refs.customResourceDefinitions);
      this.#own.remember(await api.updateStatus({ ...crd, status }, {}, ctx));
    }
    return behind > 0 ? { againAfter: behind } : 'done';
  }

  #groupOf({ spec }: SentDefinition, ctx: ControllerContext): readonly SentDefinition[] {
    const inGroup = definitions(ctx.informers).filter((other) => other.spec?.group === spec?.group);
    return inGroup.map((other) => this.#own.latest(other));
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
