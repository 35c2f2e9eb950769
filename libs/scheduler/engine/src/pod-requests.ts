import { quantityMilli, quantityValue } from '@kubernest/meta';
import type { Container } from 'kubernetes-types/core/v1.js';
import type { PodObject } from './plugin.ts';

export type Amounts = ReadonlyMap<string, number>;

const cache = new WeakMap<PodObject, { readonly asked: Amounts; readonly orDefault: Amounts }>();
const defaults: Readonly<Record<string, number>> = { cpu: 100, memory: 200 * 1024 * 1024 };

/** What a pod asks of its node: the sum of its containers, or its largest init container (with the sidecars started before it), or what it asks for as a whole; plus overhead. */
export function podRequests(pod: PodObject): Amounts {
  return both(pod).asked;
}

/** The same, with a container that names no cpu or memory counted at a small default. */
export function podRequestsOrDefault(pod: PodObject): Amounts {
  return both(pod).orDefault;
}

function both(pod: PodObject): { readonly asked: Amounts; readonly orDefault: Amounts } {
  let entry = cache.get(pod);
  if (!entry) {
    entry = { asked: sum(pod, {}), orDefault: sum(pod, defaults) };
    cache.set(pod, entry);
  }
  return entry;
}

function sum(pod: PodObject, fallback: Readonly<Record<string, number>>): Amounts {
  const total = new Map<string, number>();
  for (const container of pod.spec?.containers ?? []) add(total, amountsOf(container, fallback));
  const sidecars = new Map<string, number>();
  const peak = new Map<string, number>();
  for (const container of pod.spec?.initContainers ?? []) {
    const amounts = amountsOf(container, fallback);
    if (container.restartPolicy === 'Always') {
      add(sidecars, amounts);
    } else for (const [name, value] of amounts) raise(peak, name, value + (sidecars.get(name) ?? 0));
  }
  // What sidecars alone ask for is never more than what stays of them beside the containers.
  add(total, sidecars);
  for (const [name, value] of peak) raise(total, name, value);
  const whole = (pod.spec as { readonly resources?: Container['resources'] } | undefined)?.resources?.requests ?? {};
  for (const [name, quantity] of Object.entries(whole))
    if (isForWholePods(name)) total.set(name, amount(name, quantity));
  for (const [name, quantity] of Object.entries(pod.spec?.overhead ?? {}))
    add(total, new Map([[name, amount(name, quantity)]]));
  return total;
}

/** What a pod may ask for as a whole: that counts instead of what its containers ask for. */
const isForWholePods = (name: string): boolean => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-');

function amountsOf(container: Container, fallback: Readonly<Record<string, number>>): Amounts {
  const asked = Object.entries(container.resources?.requests ?? {}).map(
    ([name, quantity]) => [name, amount(name, quantity)] as const,
  );
  return new Map([...Object.entries(fallback), ...asked]);
}

/** `cpu` in thousandths, everything else in whole units, rounded up. */
export function amount(resource: string, quantity: string): number {
  return resource === 'cpu' ? quantityMilli(quantity) : quantityValue(quantity);
}

function add(into: Map<string, number>, more: Amounts): Map<string, number> {
  for (const [name, value] of more) into.set(name, (into.get(name) ?? 0) + value);
  return into;
}

function raise(into: Map<string, number>, name: string, atLeast: number): void {
  into.set(name, Math.max(into.get(name) ?? 0, atLeast));
}
