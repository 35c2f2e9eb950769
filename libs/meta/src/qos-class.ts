import { compareQuantities } from './quantity.ts';

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

interface Demand {
  readonly requests?: Readonly<Record<string, string | number>>;
  readonly limits?: Readonly<Record<string, string | number>>;
}
interface Demanding {
  readonly resources?: Demand;
}

const measured = ['cpu', 'memory'];
const isSome = (amount: string | number | undefined): amount is string | number =>
  amount !== undefined && compareQuantities(amount, 0) > 0;

/** Guaranteed: every container limits cpu and memory, and asks for just that. BestEffort: none says anything. Nothing of either counts as not said. */
export function qosClass(
  spec:
    | (Demanding & { readonly containers?: readonly Demanding[]; readonly initContainers?: readonly Demanding[] })
    | undefined,
): QosClass {
  // Resources of the pod as a whole decide alone where they are given.
  const parts = spec?.resources ? [spec] : [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  const demands = parts.map((part) => part.resources ?? {});
  const saysSome = ({ requests, limits }: Demand) =>
    measured.some((name) => isSome(requests?.[name]) || isSome(limits?.[name]));
  if (!demands.some(saysSome)) return 'BestEffort';
  return demands.every(isExact) ? 'Guaranteed' : 'Burstable';
}

function isExact({ requests, limits }: Demand): boolean {
  return measured.every((name) => {
    const limit = limits?.[name];
    return isSome(limit) && compareQuantities(requests?.[name] ?? limit, limit) === 0;
  });
}
