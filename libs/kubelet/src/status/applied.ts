import { idsOf } from '../pods/container-config.ts';
import type { Container, ContainerStatus, Pod } from '../types.ts';

/** Its mounts under the names that only the pod has for them. */
export function mountStatuses({ volumeMounts = [] }: Container): Pick<ContainerStatus, 'volumeMounts'> {
  if (volumeMounts.length === 0) return {};
  return {
    volumeMounts: volumeMounts.map(({ name, mountPath, readOnly }) => ({
      name,
      mountPath,
      // The node does not offer recursive ones: where they are wanted if possible, it is not.
      ...(readOnly ? { readOnly, recursiveReadOnly: 'Disabled' } : {}),
    })),
  };
}

/** What an instance was made with. A pod's resources and ids cannot change, so its spec tells. */
export function applied(pod: Pod, container: Container): Partial<ContainerStatus> {
  const { resources = {} } = container;
  const { requests = {} } = resources;
  const user = userOf(pod, container);
  return {
    resources,
    ...(Object.keys(requests).length > 0 ? { allocatedResources: requests } : {}),
    ...(user ? { user } : {}),
  };
}

/** Known only where the pod says both ids: else the image's files decide, which the engine reads and does not tell. */
function userOf(pod: Pod, container: Container): ContainerStatus['user'] {
  const { uid, gid, groups } = idsOf(pod, container);
  if (uid === undefined || gid === undefined) return undefined;
  return { linux: { uid, gid, supplementalGroups: [...new Set([gid, ...groups])] } };
}
