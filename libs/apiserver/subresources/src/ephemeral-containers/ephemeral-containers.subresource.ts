import type { Pod } from '@kubernest/api-types/core/v1';
import type { PartSubresource } from '@kubernest/apiserver/contract';
import { clone } from '@kubernest/meta';
import { pods } from '../pod.ts';

/** Adds containers to a pod that runs, to look into it. Nothing else of the pod is changed here. */
export const podEphemeralContainers: PartSubresource = {
  of: pods,
  name: 'ephemeralcontainers',
  verbs: ['get', 'update', 'patch'],
  part: {
    leavesMetadata: true,
    prepare(draft, stored) {
      const { ephemeralContainers } = (draft as Pod).spec ?? {};
      const { spec, status } = clone(stored as Pod);
      const { ephemeralContainers: _, ...others } = spec ?? {};
      Object.assign(draft, { spec: { ...others, ...(ephemeralContainers && { ephemeralContainers }) }, status });
    },
  },
};
