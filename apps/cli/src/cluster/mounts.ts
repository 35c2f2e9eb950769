import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pointsBelow, pointsIn } from '@kubernest/process';

/** Unmounts what the engine and the agent mounted below the data directory, the innermost first. Nothing mounted is success. */
export function unmountBelow(path: string): void {
  for (const point of pointsBelow(pointsIn(readFileSync('/proc/self/mountinfo', 'utf8')), path))
    spawnSync('umount', [point]);
}
