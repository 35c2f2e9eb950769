import { deepEqual, type FieldError, fieldForbidden } from '@kubernest/meta';
import type { Pod } from '../../types.ts';
import { mirrorAnnotation } from '../types/pod-annotations.validation.ts';

const path = 'spec.ephemeralContainers';

/** Ephemeral containers are only ever added, and only to what the API server has made. `faults` are those of the pod's annotations. */
export function validateEphemeralContainersGrow(pod: Pod, old: Pod, faults: readonly FieldError[]): FieldError[] {
  if (old.metadata.annotations?.[mirrorAnnotation] !== undefined)
    return [fieldForbidden('', 'static pods do not support ephemeral containers')];
  const now = new Map((pod.spec?.ephemeralContainers ?? []).map((each) => [each.name, each]));
  const changed = (old.spec?.ephemeralContainers ?? []).flatMap((one): FieldError[] => {
    const same = now.get(one.name);
    if (same && deepEqual(same, one)) return [];
    const what = same ? 'changed' : 'removed';
    return [fieldForbidden(path, `existing ephemeral containers "${one.name}" may not be ${what}\n`)];
  });
  return [...faults, ...changed];
}
