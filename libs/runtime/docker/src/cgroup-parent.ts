import { ContainerConfigError } from '@kubernest/runtime/contract';

export type CgroupDriver = 'cgroupfs' | 'systemd';
export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

/** Where a pod's cgroup hangs, as the kubelet lays it out: a path with cgroupfs, a slice's name with systemd. */
export function podCgroupParent(driver: CgroupDriver, qos: QosClass, uid: string, root = 'kubepods'): string {
  const parts = [root, ...(qos === 'Guaranteed' ? [] : [qos.toLowerCase()])];
  if (driver === 'cgroupfs') return `/${[...parts, `pod${uid}`].join('/')}`;
  // A dash in a slice's name means one level deeper.
  return `${[...parts, `pod${uid.replaceAll('-', '_')}`].join('-')}.slice`;
}

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
