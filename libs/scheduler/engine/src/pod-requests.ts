import type { Container } from '@kubernest/api-types/core/v1';
import { atOnce, deepEqual, quantityMilli, quantityValue, Rests, type Steps } from '@kubernest/meta';
import type { PodObject } from './plugin.ts';

export type Amounts = ReadonlyMap<string, number>;

const cache = new WeakMap<PodObject, { readonly asked: Amounts; readonly orDefault: Amounts }>();
const amounts = new WeakMap<Container, Amounts>();
const defaults: Readonly<Record<string, number>> = { cpu: 100, memory: 200 * 1024 * 1024 };

/** What a pod asks of its node: the sum of its containers, or its largest init container (with the sidecars started before it), or what it asks for as a whole; plus overhead. */
export function podRequests(pod: PodObject): Amounts {
  return both(pod).asked;
}

/** The same, with a container that names no cpu or memory counted at a small default. */
export function podRequestsOrDefault(pod: PodObject): Amounts {
  return both(pod).orDefault;
}

/** Reads them in steps, so that the two above are there: quantities take long, and a container may ask for tens of thousands of things. */
export function* readRequests(pod: PodObject): Steps<void> {
  for (const container of containersOf(pod)) {
    if (amounts.has(container)) continue;
    amounts.set(container, yield* amountsInSteps(container.resources?.requests));
    yield;
  }
}

/** Another form of the same pod: what it asks for hardly ever changes, and to compare takes less than to read it again. */
export function inheritRequests(pod: PodObject, old: PodObject): void {
  const known = cache.get(old);
  if (known && !cache.has(pod) && deepEqual(whatCounts(pod), whatCounts(old))) cache.set(pod, known);
}

const containersOf = ({ spec }: PodObject): readonly Container[] => [
  ...(spec?.containers ?? []),
  ...(spec?.initContainers ?? []),
];

const whatCounts = (pod: PodObject) => ({
  overhead: pod.spec?.overhead,
  whole: wholeOf(pod),
  each: containersOf(pod).map(({ resources, restartPolicy }) => [resources?.requests, restartPolicy]),
});

function both(pod: PodObject): { readonly asked: Amounts; readonly orDefault: Amounts } {
  let entry = cache.get(pod);
  if (!entry) {
    const amountsOf = (container: Container, fallback: Fallback): Iterable<Amount> =>
      withFallback(
        amounts.getOrInsertComputed(container, () => readAmounts(container.resources?.requests)),
        fallback,
      );
    entry = {
      asked: sum(pod, (container) => amountsOf(container, {})),
      orDefault: sum(pod, (container) => amountsOf(container, defaults)),
    };
    cache.set(pod, entry);
  }
  return entry;
}

type Amount = readonly [name: string, amount: number];
type Fallback = Readonly<Record<string, number>>;

function sum(pod: PodObject, amountsOf: (container: Container) => Iterable<Amount>): Amounts {
  const total = new Map<string, number>();
  for (const container of pod.spec?.containers ?? []) add(total, amountsOf(container));
  const sidecars = new Map<string, number>();
  const peak = new Map<string, number>();
  for (const container of pod.spec?.initContainers ?? []) {
    const amounts = amountsOf(container);
    if (container.restartPolicy === 'Always') {
      add(sidecars, amounts);
    } else for (const [name, value] of amounts) raise(peak, name, value + (sidecars.get(name) ?? 0));
  }
  // What sidecars alone ask for is never more than what stays of them beside the containers.
  add(total, sidecars);
  for (const [name, value] of peak) raise(total, name, value);
  for (const [name, quantity] of Object.entries(wholeOf(pod)))
    if (isForWholePods(name)) total.set(name, amount(name, quantity));
  add(total, readAmounts(pod.spec?.overhead));
  return total;
}

/** What a pod may ask for as a whole: that counts instead of what its containers ask for. */
const isForWholePods = (name: string): boolean => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-');

const wholeOf = (pod: PodObject): Readonly<Record<string, string>> =>
  (pod.spec as { readonly resources?: Container['resources'] } | undefined)?.resources?.requests ?? {};

type Quantities = Readonly<Record<string, string>> | undefined;

/** Quantities are read once for both sums: a container may ask for thousands of things. */
const readAmounts = (quantities: Quantities): Amounts => atOnce(amountsInSteps(quantities));

function* amountsInSteps(quantities: Quantities = {}): Steps<Amounts> {
  const read = new Map<string, number>();
  const rests = new Rests();
  for (const name of Object.keys(quantities)) {
    read.set(name, amount(name, quantities[name]!));
    if (rests.isDue()) yield;
  }
  return read;
}

function* withFallback(asked: Amounts, fallback: Fallback): Iterable<Amount> {
  for (const entry of Object.entries(fallback)) if (!asked.has(entry[0])) yield entry;
  yield* asked;
}

/** `cpu` in thousandths, everything else in whole units, rounded up. */
export function amount(resource: string, quantity: string): number {
  return resource === 'cpu' ? quantityMilli(quantity) : quantityValue(quantity);
}

function add(into: Map<string, number>, more: Iterable<Amount>): void {
  for (const [name, value] of more) into.set(name, (into.get(name) ?? 0) + value);
}

function raise(into: Map<string, number>, name: string, atLeast: number): void {
  into.set(name, Math.max(into.get(name) ?? 0, atLeast));
}
