import type { Controller, ControllerContext, Watch } from '@kubernest/controllers/engine';
import type { Endpoints, Pod, Service } from '@kubernest/kinds';
import { deepEqual, isNotFound, keyOf } from '@kubernest/meta';
import { recordsEvents, refs } from '../shared/refs.ts';
import { hasSelector, podsOf, podWatch } from '../shared/service-pods.ts';
import { annotationsAt, TriggerTimes } from '../shared/trigger-times.ts';
import { MANAGED_BY, MANAGER, OVER_CAPACITY, planEndpoints } from './endpoints.plan.ts';

export const endpoints: Controller = withTimes(new TriggerTimes());

function withTimes(times: TriggerTimes): Controller {
  return {
    name: 'endpoints',
    serviceAccount: 'endpoint-controller',
    reconciles: refs.services,
    watches: [
      { ref: refs.services },
      podWatch as Watch,
      // Endpoints without a service are somebody's own, unless they were made here and their service went unseen.
      {
        ref: refs.endpoints,
        keys: (object, informers) =>
          informers.of(refs.services).get(keyOf(object)) || object.metadata.labels?.[MANAGED_BY] === MANAGER
            ? [keyOf(object)]
            : [],
      },
    ],
    writes: [{ group: '', resource: 'endpoints', verbs: ['create', 'update', 'delete'] }, recordsEvents],
    begin: () => withTimes(new TriggerTimes()),
    async reconcile(key, ctx) {
      const service = ctx.informers.of<Service>(refs.services).get(key);
      const isServed = service && !service.metadata.deletionTimestamp && hasSelector(service);
      const pods = isServed ? await podsOf(service, ctx.informers.of<Pod>(refs.pods)) : [];
      const found = ctx.informers.of<Endpoints>(refs.endpoints).get(key);
      if (!service) {
        times.forget(key);
        if (found) await remove(found, ctx);
      } else if (isServed) {
        await write(found, planEndpoints(service, pods), times.next(service, pods), ctx);
      }
      return 'done';
    },
  };
}

async function remove({ metadata: { namespace, name, uid } }: Endpoints, ctx: ControllerContext): Promise<void> {
  const key = { namespace, name: name! };
  await ctx.client
    .resource(refs.endpoints)
    .delete(key, { preconditions: { uid } }, ctx)
    .catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
}

async function write(
  found: Endpoints | undefined,
  planned: Endpoints,
  time: string | undefined,
  ctx: ControllerContext,
): Promise<void> {
  const api = ctx.client.resource<Endpoints>(refs.endpoints);
  if (found && saysSame(found, planned)) return;
  const { [OVER_CAPACITY]: _, ...others } = found?.metadata.annotations ?? {};
  const annotations = annotationsAt(time, { ...others, ...planned.metadata.annotations });
  if (!found) await api.create({ ...planned, metadata: { ...planned.metadata, annotations } }, {}, ctx);
  else {
    const metadata = { ...found.metadata, labels: planned.metadata.labels, annotations };
    await api.update({ ...found, metadata, subsets: planned.subsets }, {}, ctx);
  }
}

function saysSame(a: Endpoints, b: Endpoints): boolean {
  return (
    deepEqual(a.subsets ?? [], b.subsets ?? []) &&
    deepEqual(a.metadata.labels, b.metadata.labels) &&
    a.metadata.annotations?.[OVER_CAPACITY] === b.metadata.annotations?.[OVER_CAPACITY]
  );
}
