import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Milliseconds } from '@kubernest/kit';
import { procStat, userOf } from '@kubernest/process';
import { findRecord, writeRecord } from './record-file.ts';

/** A process that was started for a cluster, told apart from a later one with the same id by its start time. */
export interface ProcessRecord {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat: clock ticks since boot. */
  readonly startTicks: string;
  /** It took the place of one that had ended by itself. */
  readonly restarted?: { readonly at: string; readonly why: string };
}

export function recordProcess(file: string, record: ProcessRecord): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeRecord(file, record);
}

/** One that has ended meanwhile gets a record that fits no process. */
export const recordOf = (pid: number, restarted?: ProcessRecord['restarted']): ProcessRecord => ({
  pid,
  startTicks: startTicks(pid) ?? '',
  ...(restarted ? { restarted } : {}),
});

/**
 * The recorded process if it still runs. Whoever could write the file must not decide which process of somebody else is ended: it counts
 * only where the user to whom the file belongs runs that process.
 */
export function recordedProcess(file: string): ProcessRecord | undefined {
  const found = findRecord(file);
  if (!found || !isRecord(found.value)) return undefined;
  return isRunning(found.value) && userOf(found.value.pid) === found.owner ? found.value : undefined;
}

function isRecord(value: unknown): value is ProcessRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, startTicks, restarted } = value as Partial<Record<keyof ProcessRecord, unknown>>;
  const isWhole = Number.isSafeInteger(pid) && Number(pid) > 0 && /^\d+$/.test(String(startTicks));
  return isWhole && (restarted === undefined || isRestart(restarted));
}

const isRestart = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && ['at', 'why'].every((key) => key in value);

export const isRunning = ({ pid, startTicks: begun }: ProcessRecord): boolean =>
  begun !== '' && startTicks(pid) === begun;

/** It was sent to sleep (SIGSTOP, Ctrl-Z), and does nothing until somebody wakes it. */
export const isSuspended = ({ pid }: ProcessRecord): boolean => procStat(pid)?.state === 'T';

export function forgetProcess(file: string): void {
  rmSync(file, { force: true });
}

/** What SIGKILL does not end within that time waits for a device or a disk. */
const killGrace: Milliseconds = 10_000;

/** SIGTERM, then SIGKILL after `grace`. Resolves when it is gone; already gone is success. Throws where nothing ends it. */
export async function endProcess(record: ProcessRecord, grace: Milliseconds): Promise<void> {
  if (!isRunning(record)) return;
  send(record.pid, 'SIGTERM');
  // One that sleeps would hear of it only when it is woken.
  if (isSuspended(record)) send(record.pid, 'SIGCONT');
  if (await endedWithin(grace, record)) return;
  send(record.pid, 'SIGKILL');
  if (!(await endedWithin(killGrace, record)))
    throw new Error(`process ${record.pid} does not end, not even by SIGKILL: it waits for a disk or a device`);
}

async function endedWithin(span: Milliseconds, record: ProcessRecord): Promise<boolean> {
  for (let waited = 0; waited < span && isRunning(record); waited += 25) await sleep(25);
  return !isRunning(record);
}

/** To one that has ended already it is no fault. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Undefined when there is no such process or it is a zombie. */
function startTicks(pid: number): string | undefined {
  const stat = procStat(pid);
  return stat?.state === 'Z' ? undefined : stat?.startTicks;
}
