import type { Pod } from '../../types.ts';

type Resources = Readonly<Record<string, unknown>>;

const measured = ['cpu', 'memory'];

/** A quantity that is written, and not nothing: `0`, `0m` and `0Mi` count as absent here. */
function isSet(value: unknown): boolean {
  return value !== undefined && !/^[+-]?0*\.?0*(?:[a-zA-Z]*|e[+-]?\d+)$/.test(String(value));
}

interface Demand {
  readonly resources?: { readonly requests?: Resources; readonly limits?: Resources };
}

/** Guaranteed: every container limits cpu and memory, and asks for just that. BestEffort: none says anything. */
export function qosClass(pod: Pod): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const spec = pod.spec as (Pod['spec'] & Demand) | undefined;
  const whole = spec?.resources;
  const said = (part: Demand) =>
    measured.some((name) => isSet(part.resources?.requests?.[name]) || isSet(part.resources?.limits?.[name]));
  const exact = (part: Demand) =>
    measured.every((name) => {
      const limit = part.resources?.limits?.[name];
      const request = part.resources?.requests?.[name] ?? limit;
      return isSet(limit) && String(limit) === String(request);
    });
  // Resources of the pod as a whole decide alone where they are given.
  const parts: readonly Demand[] = whole
    ? [{ resources: whole }]
    : ([...(spec?.containers ?? []), ...(spec?.initContainers ?? [])] as Demand[]);
  if (!parts.some(said)) return 'BestEffort';
  return parts.every(exact) ? 'Guaranteed' : 'Burstable';
}
