import { createHash } from 'node:crypto';
import type { ControllerContext, Watch } from '@kubernest/controllers/engine';
import type { EndpointSlice } from '@kubernest/kinds';
import { isNotFound } from '@kubernest/meta';
import { SAFE_ALPHABET } from './random-name.ts';
import { refs } from './refs.ts';

export const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
export const SERVICE_NAME = 'kubernetes.io/service-name';
const BY_SERVICE = 'builtin/slices-of-service';

export type AddressType = 'IPv4' | 'IPv6';
type SlicePort = NonNullable<EndpointSlice['ports']>[number];

export interface SlicePlan {
  readonly create: readonly EndpointSlice[];
  readonly update: readonly EndpointSlice[];
  readonly delete: readonly EndpointSlice[];
}

const ownersOf = (manager: string, { metadata: { labels, namespace } }: EndpointSlice): readonly string[] =>
  labels?.[MANAGED_BY] === manager && labels[SERVICE_NAME] ? [`${namespace}/${labels[SERVICE_NAME]}`] : [];

/** The service that a slice of this manager is for. */
export const sliceWatch = (manager: string): Watch => ({
  ref: refs.endpointSlices,
  keys: (slice) => ownersOf(manager, slice as EndpointSlice),
});

export function slicesOf(serviceKey: string, manager: string, ctx: ControllerContext): readonly EndpointSlice[] {
  const informer = ctx.informers.of<EndpointSlice>(refs.endpointSlices);
  const index = `${BY_SERVICE} ${manager}`;
  informer.addIndex(index, (slice) => ownersOf(manager, slice));
  return informer.byIndex(index, serviceKey).filter((slice) => !slice.metadata.deletionTimestamp);
}

export async function applySlices(plan: SlicePlan, ctx: ControllerContext): Promise<void> {
  const api = ctx.client.resource<EndpointSlice>(refs.endpointSlices);
  await Promise.all([
    ...plan.create.map((slice) => api.create(slice, {}, ctx)),
    ...plan.update.map((slice) => api.update(slice, {}, ctx)),
    ...plan.delete.map(({ metadata: { namespace, name, uid } }) =>
      api.delete({ namespace, name: name! }, { preconditions: { uid } }, ctx).catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      }),
    ),
  ]);
}

/** A slice that would go becomes one that would come: whoever watches never sees fewer endpoints than there are. */
export function reusing(plan: SlicePlan): SlicePlan {
  const count = Math.min(plan.create.length, plan.delete.length);
  const reused = plan.delete.slice(0, count).map((slice, i) => rewritten(slice, plan.create[i]!));
  return {
    create: plan.create.slice(count),
    update: [...plan.update, ...reused],
    delete: plan.delete.slice(count),
  };
}

/** The same slice, with all that its manager says of it. */
export const rewritten = (
  slice: EndpointSlice,
  { metadata, ports, endpoints }: Omit<EndpointSlice, 'kind'>,
): EndpointSlice => ({
  ...slice,
  metadata: {
    ...slice.metadata,
    labels: metadata.labels,
    ownerReferences: metadata.ownerReferences,
    ...(metadata.annotations ? { annotations: metadata.annotations } : {}),
  },
  ports,
  endpoints,
});

/** The same ports have the same key, whatever their order and whichever side filled in defaults. */
export function portsKey(ports: readonly SlicePort[]): string {
  const plain = ports.map(({ name, port, protocol, appProtocol }) => [
    name ?? '',
    port,
    protocol ?? 'TCP',
    appProtocol ?? '',
  ]);
  return JSON.stringify(plain.map((port) => JSON.stringify(port)).sort());
}

/** Follows from what the slice is for (`seed`): a second try on a stale cache meets the first and not a double. */
export function freeName(base: string, seed: string, taken: Set<string>): string {
  for (let n = 0; ; n++) {
    const digest = createHash('sha1').update(`${seed}|${n}`).digest();
    const suffix = [...digest.subarray(0, 5)].map((byte) => SAFE_ALPHABET[byte % SAFE_ALPHABET.length]).join('');
    const name = `${base.slice(0, 57)}-${suffix}`;
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}
