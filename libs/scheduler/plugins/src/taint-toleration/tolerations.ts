import type { Taint, Toleration } from '@kubernest/api-types/core/v1';
import type { PodObject } from '@kubernest/scheduler/engine';

const known = new WeakMap<PodObject, ReadonlySet<string>>();
const any = '';

/** Does one of the pod's tolerations cover the taint? Their number does not count: they are laid out once. */
export function isTolerated(pod: PodObject, { key, value = '', effect }: Taint): boolean {
  const { tolerations } = pod.spec ?? {};
  if (!tolerations?.length) return false;
  let covered = known.get(pod);
  if (!covered) {
    covered = new Set(tolerations.map(coveredBy));
    known.set(pod, covered);
  }
  for (const wanted of [effect, any])
    if (covered.has(has(wanted, key)) || covered.has(has(wanted, any)) || covered.has(equals(wanted, key, value)))
      return true;
  return false;
}

/** What it covers. Without a key and without `Exists` that is nothing: no taint has an empty key. */
function coveredBy({ key = any, operator, value = '', effect = any }: Toleration): string {
  return operator === 'Exists' ? has(effect, key) : equals(effect, key, value);
}

const has = (effect: string, key: string): string => `${effect} ${key}`;
const equals = (effect: string, key: string, value: string): string => `${effect} ${key} ${value}`;
