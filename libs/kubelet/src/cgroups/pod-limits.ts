import { quantityMilli, quantityValue } from '@kubernest/meta';
import { isSidecar, plannedContainersOf } from '../pods/pod.ts';
import type { Container, Pod } from '../types.ts';

/** What a cgroup may take. Undefined: as much as there is. */
export interface CgroupLimits {
  readonly cpuShares?: number;
  readonly cpuQuotaMicroseconds?: number;
  readonly memoryBytes?: number;
}

export const CPU_PERIOD_MICROSECONDS = 100_000;
const LEAST_SHARES = 2;
const MOST_SHARES = 262_144;
const LEAST_QUOTA = 1000;
/** For the sandbox's own process: a container at its limit shall meet its own bound, which names it as killed, before the pod's. */
const SANDBOX_BYTES = 4 * 2 ** 20;

export const sharesOf = (milliCpu: number): number =>
  Math.min(MOST_SHARES, Math.max(LEAST_SHARES, Math.floor((milliCpu * 1024) / 1000)));

/** Of a whole pod: bounded by limits only where every container has one. */
export function podLimits(pod: Pod): CgroupLimits {
  const bounded = (resource: string): boolean =>
    plannedContainersOf(pod).every(({ container }) => container.resources?.limits?.[resource] !== undefined);
  const overhead = (resource: string) => pod.spec?.overhead?.[resource] ?? '0';
  const cpu = podSum(pod, (c) => quantityMilli(c.resources?.limits?.['cpu'] ?? '0')) + quantityMilli(overhead('cpu'));
  const memory =
    podSum(pod, (c) => quantityValue(c.resources?.limits?.['memory'] ?? '0')) + quantityValue(overhead('memory'));
  return {
    cpuShares: sharesOf(requestedMilliCpu(pod)),
    ...(bounded('cpu') && cpu > 0
      ? { cpuQuotaMicroseconds: Math.max(LEAST_QUOTA, (cpu * CPU_PERIOD_MICROSECONDS) / 1000) }
      : {}),
    ...(bounded('memory') && memory > 0 ? { memoryBytes: Math.floor(memory) + SANDBOX_BYTES } : {}),
  };
}

export function requestedMilliCpu(pod: Pod): number {
  const requested = (c: Container) =>
    quantityMilli(c.resources?.requests?.['cpu'] ?? c.resources?.limits?.['cpu'] ?? '0');
  return podSum(pod, requested) + quantityMilli(pod.spec?.overhead?.['cpu'] ?? '0');
}

/** What a pod asks of its node, by resource: cpu in thousandths, everything else in whole units. */
export function requestedAmounts(pod: Pod): ReadonlyMap<string, number> {
  const overhead = pod.spec?.overhead ?? {};
  const ofContainers = plannedContainersOf(pod).flatMap(({ container }) =>
    Object.keys(container.resources?.requests ?? {}),
  );
  const amounts = new Map<string, number>();
  for (const resource of [...ofContainers, ...Object.keys(overhead)]) {
    const amount = resource === 'cpu' ? quantityMilli : quantityValue;
    const requested = podSum(pod, (c) => amount(c.resources?.requests?.[resource] ?? '0'));
    amounts.set(resource, requested + amount(overhead[resource] ?? '0'));
  }
  return amounts;
}

/** What runs side by side is added up; an init container needs its own beside the sidecars that were started before it. */
function podSum(pod: Pod, of: (container: Container) => number): number {
  let sidecars = 0;
  let initPeak = 0;
  for (const container of pod.spec?.initContainers ?? []) {
    if (isSidecar(container)) sidecars += of(container);
    initPeak = Math.max(initPeak, sidecars + (isSidecar(container) ? 0 : of(container)));
  }
  const apps = (pod.spec?.containers ?? []).reduce((sum, container) => sum + of(container), 0);
  return Math.max(apps + sidecars, initPeak);
}
