import { deepEqual, type FieldError, fieldForbidden } from '@kubernest/meta';
import type { Pod } from '../../types.ts';

const path = 'spec.ephemeralContainers';

/** Ephemeral containers are only ever added. */
export function validateEphemeralContainersGrow(pod: Pod, old: Pod): FieldError[] {
  const now = new Map((pod.spec?.ephemeralContainers ?? []).map((each) => [each.name, each]));
  return (old.spec?.ephemeralContainers ?? []).flatMap((one): FieldError[] => {
    const same = now.get(one.name);
    if (same && deepEqual(same, one)) return [];
    const what = same ? 'changed' : 'removed';
    return [fieldForbidden(path, `existing ephemeral containers "${one.name}" may not be ${what}\n`)];
  });
}
