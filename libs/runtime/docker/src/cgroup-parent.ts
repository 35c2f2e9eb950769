import { ContainerConfigError } from '@kubernest/runtime/contract';

export type CgroupDriver = 'cgroupfs' | 'systemd';

/** The engine's own message for the wrong form comes only at start and names neither; so it is checked here. */
export function checkCgroupParent(driver: CgroupDriver, parent: string): void {
  const isSlice = parent.endsWith('.slice');
  if (driver === 'systemd' && !isSlice)
    throw new ContainerConfigError(
      `cgroup parent ${parent}: the engine's cgroup driver is systemd, give a name that ends in .slice`,
    );
  if (driver === 'cgroupfs' && isSlice)
    throw new ContainerConfigError(`cgroup parent ${parent}: the engine's cgroup driver is cgroupfs, give a path`);
}
