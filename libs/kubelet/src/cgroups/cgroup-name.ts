import type { QosClass } from '@kubernest/meta';

export type CgroupDriver = 'cgroupfs' | 'systemd';

/** A cgroup by the names of its levels below the mount: the tree that Kubernetes lays out, e.g. `kubepods`, `burstable`, `pod<uid>`. */
export type CgroupName = readonly string[];

export const tierName = (root: string, qos: QosClass): CgroupName =>
  qos === 'Guaranteed' ? [root] : [root, qos.toLowerCase()];

export const podName = (root: string, qos: QosClass, uid: string): CgroupName => [...tierName(root, qos), `pod${uid}`];

/** As the engine wants to be told of it: a path with cgroupfs, a slice's name with systemd. */
export function parentOf(name: CgroupName, driver: CgroupDriver): string {
  return driver === 'cgroupfs' ? `/${name.join('/')}` : sliceOf(name);
}

/** A dash in a slice's name means one level deeper. */
export const sliceOf = (name: CgroupName): string =>
  `${name.map((level) => level.replaceAll('-', '_')).join('-')}.slice`;

/** Its folder below the mount. */
export function folderOf(name: CgroupName, driver: CgroupDriver): string {
  if (driver === 'cgroupfs') return name.join('/');
  return name.map((_, depth) => sliceOf(name.slice(0, depth + 1))).join('/');
}
