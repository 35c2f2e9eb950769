import { readdirSync, readFileSync } from 'node:fs';
import { isMissing, procStat } from '@kubernest/process';

export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: readonly string[];
}

/** All that run on this machine, as far as this user may see them. */
export function processes(): readonly Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const pid = Number(name);
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
        const stat = procStat(pid);
        return stat ? [{ pid, parent: stat.parent, command }] : [];
      } catch (error) {
        if (isMissing(error)) return []; // it has just ended
        throw error;
      }
    });
}
