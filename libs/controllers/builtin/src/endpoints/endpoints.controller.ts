import type { Controller, Watch } from '@kubernest/controllers/engine';
import type { Endpoints, Pod, Service } from '@kubernest/kinds';
import { deepEqual, isNotFound, keyOf } from '@kubernest/meta';
import { recordsEvents, refs } from '../shared/refs.ts';
import { hasSelector, podsOf, podWatch } from '../shared/service-pods.ts';
import { planEndpoints } from './endpoints.plan.ts';

export const endpoints: Controller = {
  name: 'endpoints',
  serviceAccount: 'endpoint-controller',
  reconciles: refs.services,
  watches: [
    { ref: refs.services },
    podWatch as Watch,
    // Endpoints without a service are somebody's own.
    {
      ref: refs.endpoints,
      keys: (object, informers) => (informers.of(refs.services).get(keyOf(object)) ? [keyOf(object)] : []),
    },
  ],
  writes: [{ group: '', resource: 'endpoints', verbs: ['create', 'update', 'delete'] }, recordsEvents],
  async reconcile(key, ctx) {
    const service = ctx.informers.of<Service>(refs.services).get(key);
    const found = ctx.informers.of<Endpoints>(refs.endpoints).get(key);
    const api = ctx.client.resource<Endpoints>(refs.endpoints);
    if (!service) {
      const { namespace, name, uid } = found?.metadata ?? {};
      if (found) {
        await api.delete({ namespace, name: name! }, { preconditions: { uid } }, ctx).catch((error: unknown) => {
          if (!isNotFound(error)) throw error;
        });
      }
      return 'done';
    }
    if (service.metadata.deletionTimestamp || !hasSelector(service)) return 'done';
    const planned = planEndpoints(service, podsOf(service, ctx.informers.of<Pod>(refs.pods)));
    if (!found) await api.create(planned, {}, ctx);
    else if (!saysSame(found, planned))
      await api.update(
        {
          ...found,
          metadata: { ...found.metadata, labels: planned.metadata.labels, annotations: planned.metadata.annotations },
          subsets: planned.subsets,
        },
        {},
        ctx,
      );
    return 'done';
  },
};

function saysSame(a: Endpoints, b: Endpoints): boolean {
  return (
    deepEqual(a.subsets ?? [], b.subsets ?? []) &&
    deepEqual(a.metadata.labels, b.metadata.labels) &&
    deepEqual(a.metadata.annotations ?? {}, b.metadata.annotations ?? {})
  );
}
