import type { Client } from '@kubernest/client';
import type { EndpointSlice, Endpoints, Lease, Service } from '@kubernest/kinds';
import { type Context, type Milliseconds, messageOf, type Runnable } from '@kubernest/kit';
import { isAlreadyExists, isConflict, isNotFound, type KubeObject, type ResourceRef } from '@kubernest/meta';
import { API_SERVER_LEASES, IDENTITY, IDENTITY_LABEL } from '../shared/api-server-lease.ts';
import { LeaseSightings } from '../shared/lease-sightings.ts';
import { refs } from '../shared/refs.ts';
import {
  type ApiEndpoint,
  endpointFrom,
  identityOf,
  isOwnSlice,
  kubernetesEndpoints,
  kubernetesService,
  kubernetesSlices,
  NAME,
  NAMESPACE,
  needsPort,
  saysSameEndpoints,
  saysSameSlice,
} from './kubernetes-service.plan.ts';
import { Registration } from './registration.ts';

const LOOK_EVERY: Milliseconds = 10_000;
const RETRY_AFTER: Milliseconds = 1_000;
const STOP_WITHIN: Milliseconds = 2_000;

export interface KubernetesServiceOptions extends ApiEndpoint {
  /** May write Services, Endpoints, EndpointSlices in `default` and Leases in `kube-system`: the API server itself. */
  readonly client: Client;
  /** The first address of the service CIDR. */
  readonly serviceIP: string;
}

export interface KubernetesServiceReconciler extends Runnable {
  /**
   * This server serves from now on what CustomResourceDefinitions say up to this resourceVersion; by it they become established. Told to
   * all at once, or with the registration where that has not been yet. To be called in the order of the versions; never throws.
   */
  announce(resourceVersion: string): void;
}

/**
 * Keeps the Service `kubernetes` and the addresses behind it. Each API server registers by a Lease of its own and writes all
 * those that are registered; one that stops takes its own out, one that vanished is taken out by the others within half a minute.
 * Runs in every process that serves the API, not only in the leader. After `start` the Service is there unless the API refused it.
 */
export function kubernetesServiceReconciler(options: KubernetesServiceOptions): KubernetesServiceReconciler {
  const registration = new Registration(options.client, options);
  return {
    name: 'kubernetes-service',
    announce: (version) => registration.announce(version),
    async start(ctx) {
      const keeper = new ServiceKeeper(options, registration);
      const done = keepLooking(keeper, await keeper.look(ctx), ctx);
      return { done };
    },
  };
}

async function keepLooking(keeper: ServiceKeeper, first: boolean, ctx: Context): Promise<void> {
  let good = first;
  while (!ctx.signal.aborted) {
    await ctx.clock.sleep(good ? LOOK_EVERY : RETRY_AFTER, ctx.signal).catch(() => {});
    if (!ctx.signal.aborted) good = await keeper.look(ctx);
  }
  await keeper.leave({ ...ctx, signal: AbortSignal.timeout(STOP_WITHIN) });
}

class ServiceKeeper {
  readonly #sightings = new LeaseSightings();

  constructor(
    private readonly options: KubernetesServiceOptions,
    private readonly registration: Registration,
  ) {}

  /** False: to be tried again soon. */
  async look(ctx: Context): Promise<boolean> {
    try {
      await this.registration.renew(ctx);
      await this.#ensureService(ctx);
      await this.#publish(await this.#registered(ctx), ctx);
      return true;
    } catch (error) {
      if (!ctx.signal.aborted && !isConflict(error) && !isAlreadyExists(error))
        ctx.log.warn('cannot keep the kubernetes service now', { error: messageOf(error) });
      return false;
    }
  }

  async leave(ctx: Context): Promise<void> {
    const { address, port } = this.options;
    try {
      await this.registration.withdraw(ctx);
      const own = identityOf({ address, port });
      const others = (await this.#registered(ctx)).filter((endpoint) => identityOf(endpoint) !== own);
      await this.#publish(others, ctx);
    } catch (error) {
      ctx.log.debug('could not take the address out of the kubernetes service', { error: messageOf(error) });
    }
  }

  async #registered(ctx: Context): Promise<readonly ApiEndpoint[]> {
    const labelSelector = `${IDENTITY_LABEL}=${IDENTITY}`;
    const { items } = await this.options.client
      .resource<Lease>(refs.leases)
      .list({ namespace: API_SERVER_LEASES, labelSelector }, ctx);
    return items.flatMap((lease) => {
      const endpoint = this.#sightings.lifeLeft(lease, ctx) > 0 ? endpointFrom(lease) : undefined;
      return endpoint ? [endpoint] : [];
    });
  }

  async #ensureService(ctx: Context): Promise<void> {
    const api = this.options.client.resource<Service>(refs.services);
    const wanted = kubernetesService(this.options.serviceIP, this.options.port);
    const found = await api.fetch({ namespace: NAMESPACE, name: NAME }, ctx).catch(orUndefinedWhenGone);
    if (!found) await api.create(wanted, {}, ctx);
    else if (needsPort(found, wanted))
      await api.update({ ...found, spec: { ...found.spec, ports: wanted.spec!.ports } }, {}, ctx);
  }

  async #publish(endpoints: readonly ApiEndpoint[], ctx: Context): Promise<void> {
    const wanted = kubernetesEndpoints(endpoints);
    await this.#put<Endpoints>(refs.endpoints, wanted, (found) => saysSameEndpoints(found, wanted), ctx);
    const slices = kubernetesSlices(endpoints);
    for (const slice of slices)
      await this.#put<EndpointSlice>(refs.endpointSlices, slice, (found) => saysSameSlice(found, slice), ctx);
    const names = new Set(slices.map(({ metadata }) => metadata.name));
    const api = this.options.client.resource<EndpointSlice>(refs.endpointSlices);
    const labelSelector = `kubernetes.io/service-name=${NAME}`;
    for (const { metadata } of (await api.list({ namespace: NAMESPACE, labelSelector }, ctx)).items) {
      if (!isOwnSlice(metadata.name!) || names.has(metadata.name!)) continue;
      await api.delete({ namespace: NAMESPACE, name: metadata.name! }, {}, ctx).catch(orUndefinedWhenGone);
    }
  }

  async #put<T extends KubeObject>(ref: ResourceRef, wanted: T, same: (found: T) => boolean, ctx: Context) {
    const api = this.options.client.resource<T>(ref);
    const key = { namespace: NAMESPACE, name: wanted.metadata.name! };
    const found = await api.fetch(key, ctx).catch(orUndefinedWhenGone);
    if (!found) await api.create(wanted, {}, ctx);
    else if (!same(found)) {
      const { resourceVersion, labels } = found.metadata;
      const metadata = { ...found.metadata, resourceVersion, labels: { ...labels, ...wanted.metadata.labels } };
      await api.update({ ...found, ...wanted, metadata }, {}, ctx);
    }
  }
}

function orUndefinedWhenGone(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
}
