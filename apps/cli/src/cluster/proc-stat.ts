import { readFileSync } from 'node:fs';

/** What the kernel tells of a process (`proc(5)`). */
export interface ProcStat {
  /** One letter; `Z` has ended and is not reaped. */
  readonly state: string;
  readonly parent: number;
  /** Since the machine's start: with the process id, a name that is never used again. */
  readonly startTicks: string;
}

/** Undefined when there is no such process. */
export function procStat(pid: number): ProcStat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name comes before, in brackets, and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0]!, parent: Number(fields[1]), startTicks: fields[19]! };
  } catch {
    return undefined;
  }
}

/** A debugger (ptrace) holds it. */
export function isTraced(pid: number): boolean {
  try {
    return /^TracerPid:\s*[1-9]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
