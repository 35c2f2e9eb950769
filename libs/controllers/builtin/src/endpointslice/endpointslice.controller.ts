import type { Controller, ControllerContext, Watch } from '@kubernest/controllers/engine';
import type { EndpointSlice, Node, Pod, Service } from '@kubernest/kinds';
import { messageOf } from '@kubernest/kit';
import { isNotFound, StatusError } from '@kubernest/meta';
import { recordsEvents, refs } from '../shared/refs.ts';
import { hasSelector, podsOf, podWatch } from '../shared/service-pods.ts';
import { annotationsAt, TriggerTimes } from '../shared/trigger-times.ts';
import { MANAGED_BY, MANAGER, planSlices, SERVICE_NAME } from './endpointslice.plan.ts';

const BY_SERVICE = 'endpointslice/service';

export const endpointslice: Controller = withTimes(new TriggerTimes());

function withTimes(times: TriggerTimes): Controller {
  return {
    name: 'endpointslice',
    serviceAccount: 'endpointslice-controller',
    reconciles: refs.services,
    watches: [
      { ref: refs.services },
      podWatch as Watch,
      {
        ref: refs.endpointSlices,
        keys: ({ metadata: { labels, namespace } }) =>
          labels?.[MANAGED_BY] === MANAGER && labels[SERVICE_NAME] ? [`${namespace}/${labels[SERVICE_NAME]}`] : [],
      },
      // Only for their zones, which do not change.
      { ref: refs.nodes, keys: () => [] },
    ],
    writes: [
      { group: 'discovery.k8s.io', resource: 'endpointslices', verbs: ['create', 'update', 'delete'] },
      { group: '', resource: 'services/finalizers', verbs: ['update'] },
      recordsEvents,
    ],
    begin: () => withTimes(new TriggerTimes()),
    async reconcile(key, ctx) {
      const service = ctx.informers.of<Service>(refs.services).get(key);
      // Slices of a service that is gone are the garbage collector's.
      if (!service) times.forget(key);
      if (!service || service.metadata.deletionTimestamp || !hasSelector(service)) return 'done';
      const slices = slicesOf(key, ctx);
      const pods = podsOf(service, ctx.informers.of<Pod>(refs.pods));
      const nodes = ctx.informers.of<Node>(refs.nodes);
      const plan = planSlices({ service, pods, slices, node: (name) => nodes.get(name) });
      const time = times.next(service, pods);
      const at = (slice: EndpointSlice): EndpointSlice => ({
        ...slice,
        metadata: { ...slice.metadata, annotations: annotationsAt(time, slice.metadata.annotations) },
      });
      const api = ctx.client.resource<EndpointSlice>(refs.endpointSlices);
      try {
        await Promise.all([
          ...plan.create.map((slice) => api.create(at(slice), {}, ctx)),
          ...plan.update.map((slice) => api.update(at(slice), {}, ctx)),
          ...plan.delete.map(({ metadata: { namespace, name, uid } }) =>
            api.delete({ namespace, name: name! }, { preconditions: { uid } }, ctx).catch(unlessGone),
          ),
        ]);
      } catch (error) {
        tell(service, error, ctx);
        throw error;
      }
      return 'done';
    },
  };
}

function slicesOf(key: string, ctx: ControllerContext): readonly EndpointSlice[] {
  const informer = ctx.informers.of<EndpointSlice>(refs.endpointSlices);
  informer.addIndex(BY_SERVICE, ({ metadata: { labels, namespace } }) =>
    labels?.[MANAGED_BY] === MANAGER ? [`${namespace}/${labels[SERVICE_NAME]}`] : [],
  );
  return informer.byIndex(BY_SERVICE, key).filter((slice) => !slice.metadata.deletionTimestamp);
}

/** A conflict comes right by itself, and a namespace that goes takes nothing new: neither is news. */
function tell(service: Service, error: unknown, ctx: ControllerContext): void {
  if (ctx.signal.aborted || (error instanceof StatusError && [403, 404, 409].includes(error.code))) return;
  const { namespace, name } = service.metadata;
  const message = `Error updating Endpoint Slices for Service ${namespace}/${name}: ${messageOf(error)}`;
  ctx.events.record(service, { type: 'Warning', reason: 'FailedToUpdateEndpointSlices', message });
}

function unlessGone(error: unknown): void {
  if (!isNotFound(error)) throw error;
}
