import { faultsOfEach } from '@kubernest/definitions';
import { type FieldError, fieldForbidden } from '@kubernest/meta';
import type { Pod } from '../../types.ts';
import { validateId } from '../types/security-context.validation.ts';

interface User {
  readonly linux?: { readonly uid?: number; readonly gid?: number; readonly supplementalGroups?: readonly number[] };
}

const lists = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'] as const;

/** As whom a node says that it runs a container. */
export function validateContainerUsers({ spec, status }: Pod): FieldError[] {
  const onWindows = spec?.os?.name === 'windows';
  return faultsOfEach(lists, (list) =>
    (status?.[list] ?? []).flatMap((container, i) => {
      const { linux } = (container as { readonly user?: User }).user ?? {};
      const path = `status.${list}[${i}].user.linux`;
      if (!linux) return [];
      if (onWindows) return [fieldForbidden(path, 'cannot be set for a windows pod')];
      return [
        ...validateId(linux.uid ?? 0, `${path}.uid`),
        ...validateId(linux.gid ?? 0, `${path}.gid`),
        ...(linux.supplementalGroups ?? []).flatMap((id, j) => validateId(id, `${path}.supplementalGroups[${j}]`)),
      ];
    }),
  );
}
