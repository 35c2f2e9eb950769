import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Unmounts what the engine and the agent mounted below the data directory, the innermost first. Nothing mounted is success. */
export function unmountBelow(path: string): void {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  for (const mount of mounts.filter((each) => each.startsWith(`${path}/`)).reverse()) spawnSync('umount', [mount]);
}
