import type { Pod, Service } from '@kubernest/kinds';
import { keyOf } from '@kubernest/meta';
import { readyCondition } from './pods.ts';

/** compat: from this annotation people measure how long a change of a pod takes to reach the nodes. */
export const TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time';

/** Since when each service's endpoints could have been as they are: the earliest of the changes that the last look had not seen. */
export class TriggerTimes {
  readonly #services = new Map<string, { readonly service: string; readonly pods: ReadonlyMap<string, string> }>();

  /** Undefined when nothing new has a time, as when a pod has only gone. */
  next(service: Service, pods: readonly Pod[]): string | undefined {
    const before = this.#services.get(keyOf(service));
    const madeAt = service.metadata.creationTimestamp ?? '';
    const changedAt = new Map(pods.map((pod) => [pod.metadata.uid!, readyCondition(pod)?.lastTransitionTime ?? '']));
    this.#services.set(keyOf(service), { service: madeAt, pods: changedAt });
    const news = [...changedAt].flatMap(([uid, at]) => (at > (before?.pods.get(uid) ?? '') ? [at] : []));
    if (madeAt > (before?.service ?? '')) news.push(madeAt);
    return news.sort()[0];
  }

  forget(serviceKey: string): void {
    this.#services.delete(serviceKey);
  }
}

/** The annotations with this time, or without any. */
export function annotationsAt(
  time: string | undefined,
  annotations: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  const { [TRIGGER_TIME]: _, ...others } = annotations ?? {};
  return time === undefined ? others : { ...others, [TRIGGER_TIME]: time };
}
