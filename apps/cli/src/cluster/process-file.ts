import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context, Milliseconds } from '@kubernest/kit';
import { procStat } from '@kubernest/process';
import { readRecord } from './read-record.ts';

/** A process that was started for a cluster, told apart from a later one with the same id by its start time. */
export interface ProcessRecord {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat: clock ticks since boot. */
  readonly startTicks: string;
  /** It took the place of one that had ended by itself. */
  readonly restarted?: { readonly at: string; readonly why: string };
}

export function recordProcess(file: string, pid: number, restarted?: ProcessRecord['restarted']): ProcessRecord {
  const record = { pid, startTicks: startTicks(pid) ?? '', ...(restarted ? { restarted } : {}) };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(record));
  return record;
}

/** The recorded process if it still runs. */
export function recordedProcess(file: string): ProcessRecord | undefined {
  if (!existsSync(file)) return undefined;
  const record = readRecord(file) as ProcessRecord | undefined;
  return record && isRunning(record) ? record : undefined;
}

export const isRunning = ({ pid, startTicks: begun }: ProcessRecord): boolean => startTicks(pid) === begun;

export function forgetProcess(file: string): void {
  rmSync(file, { force: true });
}

/** Resolves when the recorded process has ended by itself; at once where there is none, or it is this one. */
export async function whenProcessEnded(file: string, ctx: Context): Promise<void> {
  for (let left = recordedProcess(file); left && left.pid !== process.pid; left = recordedProcess(file))
    await ctx.clock.sleep(50, ctx.signal);
}

/** SIGTERM, then SIGKILL after `grace`. Resolves when it is gone; already gone is success. */
export async function endProcess(record: ProcessRecord, grace: Milliseconds): Promise<void> {
  if (!isRunning(record)) return;
  send(record.pid, 'SIGTERM');
  for (let waited = 0; waited < grace && isRunning(record); waited += 25) await sleep(25);
  if (!isRunning(record)) return;
  send(record.pid, 'SIGKILL');
  while (isRunning(record)) await sleep(10);
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
