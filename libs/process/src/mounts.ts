import { type FileHandle, readFile } from 'node:fs/promises';

/** Every mount point of this machine, in the order of mounting. */
export async function mountPoints(): Promise<readonly string[]> {
  return pointsIn(await readFile('/proc/self/mountinfo', 'utf8'));
}

/** Those of `/proc/<pid>/mountinfo`, where blanks and their like are written as three octal digits. */
export function pointsIn(mountinfo: string): readonly string[] {
  const points = mountinfo.split('\n').flatMap((line) => line.split(' ')[4] ?? []);
  return points.map((path) =>
    path.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
  );
}

/** Mount points at or below `path`, the innermost first. */
export const pointsBelow = (points: readonly string[], path: string): readonly string[] =>
  points.filter((point) => point === path || point.startsWith(`${path}/`)).toReversed();

/** The number of the mount that an open file lies in: unlike its device, a bind mount does not share it with what it shows. */
export async function mountIdOf(file: FileHandle): Promise<string> {
  const facts = await readFile(`/proc/self/fdinfo/${file.fd}`, 'utf8');
  return /^mnt_id:\s*(\d+)/m.exec(facts)?.[1] ?? '';
}
