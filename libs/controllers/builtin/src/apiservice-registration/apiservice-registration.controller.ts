import type { Controller, ControllerContext } from '@kubernest/controllers/engine';
import { type APIService, builtinKinds, type SentDefinition } from '@kubernest/kinds';
import { isAlreadyExists, isNotFound } from '@kubernest/meta';
import { refs } from '../shared/refs.ts';
import { localService, nameOf, namesOf, planRegistration, servedNames } from './apiservice-registration.plan.ts';

const SERVING = 'crd-serving';
const builtin: ReadonlySet<string> = new Set(builtinKinds.map(nameOf));

/** A local APIService for every group-version that this API server serves itself, built in or custom. Runs beside each of them. */
export const apiserviceRegistration: Controller = {
  name: 'apiservice-registration',
  serviceAccount: 'apiservice-registration-controller',
  reconciles: refs.apiServices,
  watches: [{ ref: refs.customResourceDefinitions, keys: (crd: SentDefinition) => namesOf(crd) }],
  writes: [{ group: refs.apiServices.group, resource: 'apiservices', verbs: ['create', 'update', 'delete'] }],
  initialKeys: [...builtin],
  begin: () => {
    const life = new Life();
    return { ...apiserviceRegistration, reconcile: (name, ctx) => life.reconcile(name, ctx) };
  },
  reconcile: (name, ctx) => new Life().reconcile(name, ctx),
};

/** From one start to the next. */
class Life {
  readonly #synced = new Set<string>();
  #atStart: ReadonlySet<string> | undefined;

  async reconcile(name: string, ctx: ControllerContext): Promise<'done'> {
    const services = ctx.informers.of<APIService>(refs.apiServices);
    this.#atStart ??= new Set(services.list().map(({ metadata }) => metadata.name!));
    const current = services.get(name);
    const crds = ctx.informers.of<SentDefinition>(refs.customResourceDefinitions);
    crds.addIndex(SERVING, servedNames);
    const wanted = localService(name, { builtin, isCustom: crds.byIndex(SERVING, name).length > 0 });
    const plan = planRegistration({
      wanted,
      current,
      wasSynced: this.#synced.has(name),
      wasAtStart: this.#atStart.has(name),
    });
    await apply(plan, { wanted, current }, ctx);
    this.#synced.add(name);
    return 'done';
  }
}

interface Both {
  readonly wanted: APIService | undefined;
  readonly current: APIService | undefined;
}

async function apply(
  plan: ReturnType<typeof planRegistration>,
  { wanted, current }: Both,
  ctx: ControllerContext,
): Promise<void> {
  const api = ctx.client.resource<APIService>(refs.apiServices);
  if (plan === 'create') await api.create(wanted!, {}, ctx).catch(unless(isAlreadyExists));
  if (plan === 'update') await api.update({ ...current!, spec: wanted!.spec! }, {}, ctx);
  const { name, uid } = current?.metadata ?? {};
  if (plan === 'delete')
    await api.delete({ name: name! }, { preconditions: { uid: uid! } }, ctx).catch(unless(isNotFound));
}

/** Somebody was first: the event of it brings the key back. */
const unless = (expected: (error: unknown) => boolean) => (error: unknown) => {
  if (!expected(error)) throw error;
};
