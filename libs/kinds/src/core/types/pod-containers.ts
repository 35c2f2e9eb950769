import type { Container, PodSpec } from './pod-spec.types.ts';

/** A container and where in its object it stands. */
export interface Placed {
  readonly container: Container;
  readonly path: string;
}

/** All containers of a pod: init, plain, ephemeral. `path` is that of the spec. */
export function placedContainers(spec: PodSpec | undefined, path: string): Placed[] {
  const kinds = {
    initContainers: spec?.initContainers,
    containers: spec?.containers,
    ephemeralContainers: spec?.ephemeralContainers as readonly Container[] | undefined,
  };
  return Object.entries(kinds).flatMap(([kind, containers = []]) =>
    containers.map((container, i) => ({ container, path: `${path}.${kind}[${i}]` })),
  );
}
