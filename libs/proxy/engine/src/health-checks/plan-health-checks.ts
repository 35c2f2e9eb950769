import type { EndpointSlice } from '@kubernest/api-types/discovery/v1';
import { ipv4Of, type PortNumber, portOf } from '@kubernest/proxy/contract';
import { isProxied, type PlanInput, slicesByService } from '../plan-rules.ts';

/** What a load balancer that asks at `port` is to be told of a Service. */
export interface HealthCheck {
  readonly namespace: string;
  readonly name: string;
  readonly port: PortNumber;
  /** How many addresses on this node are ready. */
  readonly localEndpoints: number;
}

/** The Services whose traffic from outside stays on the node that it reached, so that it had better reach one that has endpoints. */
export function planHealthChecks({
  services,
  slices,
  nodeName,
}: Pick<PlanInput, 'services' | 'slices' | 'nodeName'>): readonly HealthCheck[] {
  const asked = services.filter(
    (service) =>
      service.spec?.type === 'LoadBalancer' && service.spec.externalTrafficPolicy === 'Local' && isProxied(service),
  );
  if (asked.length === 0) return [];
  const slicesOf = slicesByService(slices);
  return asked.flatMap(({ spec, metadata }) => {
    const [namespace, name, port] = [
      metadata?.namespace ?? '',
      metadata?.name ?? '',
      portOf(spec?.healthCheckNodePort),
    ];
    if (!port) return [];
    return { namespace, name, port, localEndpoints: readyHere(slicesOf.get(`${namespace}/${name}`) ?? [], nodeName) };
  });
}

function readyHere(slices: readonly EndpointSlice[], nodeName: string): number {
  const endpoints = slices.flatMap((slice) => slice.endpoints ?? []);
  const here = endpoints.filter((each) => each.nodeName === nodeName && each.conditions?.ready !== false);
  return new Set(here.flatMap(({ addresses }) => ipv4Of(addresses[0]) ?? [])).size;
}
