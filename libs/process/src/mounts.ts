import { type FileHandle, readFile } from 'node:fs/promises';

/** Every mount point of this machine, in the order of mounting. */
export async function mountPoints(): Promise<readonly string[]> {
  return pointsIn(await readFile('/proc/self/mountinfo', 'utf8'));
}

/** Those of `/proc/<pid>/mountinfo`. */
export const pointsIn = (mountinfo: string): readonly string[] => mountsIn(mountinfo).map(({ point }) => point);

export interface Mount {
  readonly point: string;
  /** The file system that is mounted: `major:minor`. */
  readonly device: string;
  /** Which folder of that file system one sees there. */
  readonly root: string;
}

/** The lines of `/proc/<pid>/mountinfo`, where blanks and their like are written as three octal digits, in the order of mounting. */
export function mountsIn(mountinfo: string): readonly Mount[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [, , device, root, point] = line.split(' ');
    return device && root && point ? [{ device, root: plain(root), point: plain(point) }] : [];
  });
}

const plain = (path: string): string =>
  path.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

/** Mount points at or below `path`, the innermost first. */
export const pointsBelow = (points: readonly string[], path: string): readonly string[] =>
  points.filter((point) => point === path || point.startsWith(`${path}/`)).toReversed();

/** The number of the mount that an open file lies in: unlike its device, a bind mount does not share it with what it shows. */
export async function mountIdOf(file: FileHandle): Promise<string> {
  const facts = await readFile(`/proc/self/fdinfo/${file.fd}`, 'utf8');
  return /^mnt_id:\s*(\d+)/m.exec(facts)?.[1] ?? '';
}
