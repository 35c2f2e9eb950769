import { readFileSync } from 'node:fs';
import { isMissing } from './if-there.ts';

/** What the kernel tells of a process (`proc(5)`). */
export interface ProcStat {
  readonly pid: number;
  /** One letter; `Z` has ended and is not reaped. */
  readonly state: string;
  readonly parent: number;
  readonly session: number;
  /** Since the machine's start: with the process id, a name that is never used again. */
  readonly startTicks: string;
}

/** The one line of `/proc/<pid>/stat`; the program's name in it, in brackets, may hold anything. */
export function parseProcStat(line: string): ProcStat {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return {
    pid: Number.parseInt(line, 10),
    state: fields[0] ?? '',
    parent: Number(fields[1]),
    session: Number(fields[3]),
    startTicks: fields[19] ?? '',
  };
}

/** Undefined when there is no such process. */
export function procStat(pid: number): ProcStat | undefined {
  const line = readIfThere(`/proc/${pid}/stat`);
  return line === undefined ? undefined : parseProcStat(line);
}

/** A debugger (ptrace) holds it. */
export const isTraced = (pid: number): boolean => /^TracerPid:\s*[1-9]/m.test(readIfThere(`/proc/${pid}/status`) ?? '');

/** The id of the user as whom a process acts (its effective one); undefined when there is no such process. */
export function userOf(pid: number): number | undefined {
  const [, , acting] = /^Uid:\s*(\d+)\s+(\d+)/m.exec(readIfThere(`/proc/${pid}/status`) ?? '') ?? [];
  return acting === undefined ? undefined : Number(acting);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
