import type { Controller, ControllerContext, Watch } from '@kubernest/controllers/engine';
import type { EndpointSlice, Node, Pod, Service } from '@kubernest/kinds';
import { messageOf } from '@kubernest/kit';
import { StatusError } from '@kubernest/meta';
import { recordsEvents, refs } from '../shared/refs.ts';
import { hasSelector, podsOf, podWatch } from '../shared/service-pods.ts';
import { applySlices, slicesOf, sliceWatch } from '../shared/slices.ts';
import { annotationsAt, TriggerTimes } from '../shared/trigger-times.ts';
import { MANAGER, planSlices } from './endpointslice.plan.ts';

export const endpointslice: Controller = withTimes(new TriggerTimes());

function withTimes(times: TriggerTimes): Controller {
  return {
    name: 'endpointslice',
    serviceAccount: 'endpointslice-controller',
    reconciles: refs.services,
    watches: [
      { ref: refs.services },
      podWatch as Watch,
      sliceWatch(MANAGER),
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
      const pods = await podsOf(service, ctx.informers.of<Pod>(refs.pods));
      const slices = slicesOf(key, MANAGER, ctx);
      const nodes = ctx.informers.of<Node>(refs.nodes);
      const plan = planSlices({ service, pods, slices, node: (name) => nodes.get(name) });
      const time = times.next(service, pods);
      const at = (slice: EndpointSlice): EndpointSlice => ({
        ...slice,
        metadata: { ...slice.metadata, annotations: annotationsAt(time, slice.metadata.annotations) },
      });
      try {
        await applySlices({ create: plan.create.map(at), update: plan.update.map(at), delete: plan.delete }, ctx);
      } catch (error) {
        tell(service, error, ctx);
        throw error;
      }
      return 'done';
    },
  };
}

/** A conflict comes right by itself, and a namespace that goes takes nothing new: neither is news. */
function tell(service: Service, error: unknown, ctx: ControllerContext): void {
  if (ctx.signal.aborted || (error instanceof StatusError && [403, 404, 409].includes(error.code))) return;
  const { namespace, name } = service.metadata;
  const message = `Error updating Endpoint Slices for Service ${namespace}/${name}: ${messageOf(error)}`;
  ctx.events.record(service, { type: 'Warning', reason: 'FailedToUpdateEndpointSlices', message });
}
