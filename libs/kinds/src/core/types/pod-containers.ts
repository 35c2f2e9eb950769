import type { Container, PodSpec } from '@kubernest/api-types/core/v1';

/** A container and where in its object it stands. */
export interface Placed {
  readonly container: Container;
  readonly path: string;
}

const lists = ['initContainers', 'containers', 'ephemeralContainers'] as const;

/** All containers of a pod: init, plain, ephemeral. `path` is that of the spec. */
export function placedContainers(spec: PodSpec | undefined, path: string): Placed[] {
  const placed: Placed[] = [];
  for (const list of lists) {
    const containers = (spec?.[list] ?? []) as readonly Container[];
    containers.forEach((container, i) => {
      placed.push({ container, path: `${path}.${list}[${i}]` });
    });
  }
  return placed;
}
