import type { Controller, ControllerContext } from '@kubernest/controllers/engine';
import type { Endpoints, Service } from '@kubernest/kinds';
import { recordsEvents, refs } from '../shared/refs.ts';
import { applySlices, slicesOf, sliceWatch } from '../shared/slices.ts';
import { MANAGER, MAX_PER_SUBSET, type Mirror, planMirror } from './endpointslice-mirroring.plan.ts';

const SKIP = 'endpointslice.kubernetes.io/skip-mirror';
const LEADER = 'control-plane.alpha.kubernetes.io/leader';

/** Endpoints that people keep for a service without selector reach the nodes as slices: nothing else is read there. */
export const endpointsliceMirroring: Controller = {
  name: 'endpointslice-mirroring',
  serviceAccount: 'endpointslicemirroring-controller',
  reconciles: refs.endpoints,
  watches: [
    { ref: refs.endpoints },
    { ref: refs.services, keys: ({ metadata: { namespace, name } }) => [`${namespace}/${name}`] },
    sliceWatch(MANAGER),
  ],
  writes: [
    { group: 'discovery.k8s.io', resource: 'endpointslices', verbs: ['create', 'update', 'delete'] },
    { group: '', resource: 'endpoints/finalizers', verbs: ['update'] },
    recordsEvents,
  ],
  async reconcile(key, ctx) {
    const endpoints = ctx.informers.of<Endpoints>(refs.endpoints).get(key);
    const service = ctx.informers.of<Service>(refs.services).get(key);
    const slices = slicesOf(key, MANAGER, ctx);
    if (endpoints && service && isKeptByHand(endpoints, service)) {
      const plan = planMirror(endpoints, slices);
      tell(endpoints, plan, ctx);
      await applySlices(plan, ctx);
    } else await applySlices({ create: [], update: [], delete: slices }, ctx);
    return 'done';
  },
};

function isKeptByHand({ metadata }: Endpoints, service: Service): boolean {
  return (
    Object.keys(service.spec?.selector ?? {}).length === 0 &&
    metadata.labels?.[SKIP] !== 'true' &&
    metadata.annotations?.[LEADER] === undefined &&
    !metadata.deletionTimestamp
  );
}

function tell(endpoints: Endpoints, { invalid, skipped }: Mirror, ctx: ControllerContext): void {
  if (invalid > 0) {
    const message = `Skipped ${invalid} invalid IP addresses when mirroring to EndpointSlices`;
    ctx.events.record(endpoints, { type: 'Warning', reason: 'InvalidIPAddress', message });
  }
  if (skipped > 0) {
    const message = `A max of ${MAX_PER_SUBSET} addresses can be mirrored to EndpointSlices per Endpoints subset. ${skipped} addresses were skipped`;
    ctx.events.record(endpoints, { type: 'Warning', reason: 'TooManyAddressesToMirror', message });
  }
}
