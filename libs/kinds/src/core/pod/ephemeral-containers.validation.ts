import { deepEqual, type FieldError, fieldForbidden } from '@kubernest/meta';
import type { Pod } from '../../types.ts';

const path = 'spec.ephemeralContainers';

/** Ephemeral containers are only ever added. */
export function validateEphemeralContainersGrow(pod: Pod, old: Pod): FieldError[] {
  const now = pod.spec?.ephemeralContainers ?? [];
  return (old.spec?.ephemeralContainers ?? []).flatMap((one): FieldError[] => {
    const same = now.find(({ name }) => name === one.name);
    if (same && deepEqual(same, one)) return [];
    const what = same ? 'changed' : 'removed';
    return [fieldForbidden(path, `existing ephemeral containers "${one.name}" may not be ${what}\n`)];
  });
}
