import type { Pod } from '../types.ts';
import { containersOf } from './pod.ts';
import { quantityValue } from './quantity.ts';

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

/** The quality of service that a pod's requests and limits earn. */
export function qosOf(pod: Pod): QosClass {
  const all = containersOf(pod).map((e) => e.container.resources ?? {});
  const said = (list: Record<string, unknown> | undefined): boolean =>
    Object.entries(list ?? {}).some(
      ([name, q]) => (name === 'cpu' || name === 'memory') && quantityValue(q as string) > 0,
    );
  if (!all.some((r) => said(r.requests) || said(r.limits))) return 'BestEffort';
  const guaranteed = all.every((r) =>
    ['cpu', 'memory'].every((name) => {
      const limit = r.limits?.[name];
      const request = r.requests?.[name] ?? limit;
      return limit !== undefined && request !== undefined && quantityValue(limit) === quantityValue(request);
    }),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
