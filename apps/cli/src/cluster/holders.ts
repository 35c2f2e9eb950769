import { setTimeout as sleep } from 'node:timers/promises';
import type { Context, Milliseconds } from '@kubernest/kit';
import { called } from '../command/command-name.ts';
import { claim, claimHolder, type LetGo } from './claim.ts';
import type { ClusterDir } from './cluster-dir.ts';
import { isOwn, placeOf } from './place.ts';
import { endProcess, isRunning, isSuspended, type ProcessRecord, recordedProcess, recordOf } from './process-file.ts';

/*
 * Whoever starts, stops or removes a cluster has claimed its place while it does so, and looks at what is there only then. Who stops it has
 * claimed its stop before: the place may still be that of the process which holds the cluster up, and is about to be ended.
 */
const stopIn = (dir: ClusterDir): string => `stop of ${placeOf(dir)}`;

const holderOf = (what: string, dir: ClusterDir): ProcessRecord | undefined => {
  const pid = claimHolder(what);
  return pid === undefined || pid === process.pid || !isOwn(pid, dir) ? undefined : recordOf(pid);
};

/** The process that holds the cluster up: a record may be lost, a claim may be one of another network namespace. */
export function supervisorOf(dir: ClusterDir): ProcessRecord | undefined {
  const recorded = recordedProcess(dir.pidFile('up'));
  if (recorded) return recorded;
  const holder = holderOf(placeOf(dir), dir);
  return holder && holder.pid !== stopperOf(dir)?.pid ? holder : undefined;
}

/** Another process that stops the cluster just now, or was told to and has not begun. */
export function stopperOf(dir: ClusterDir): ProcessRecord | undefined {
  const recorded = recordedProcess(dir.pidFile('down'));
  return recorded && recorded.pid !== process.pid ? recorded : holderOf(stopIn(dir), dir);
}

/** A stop may take this long; one that is suspended will not end by itself. */
const longestStop: Milliseconds = 60_000;
const longestSleep: Milliseconds = 10_000;

/** Resolves when nobody else stops the cluster any more. Rejects, with the process, where that takes too long. */
export async function whenStopped(dir: ClusterDir, ctx: Context): Promise<void> {
  const begun = ctx.clock.monotonic();
  for (let other = stopperOf(dir); other; other = stopperOf(dir))
    for (; isRunning(other); await ctx.clock.sleep(100, ctx.signal)) {
      const fault = faultOfStop(dir, other, ctx.clock.monotonic() - begun);
      if (fault) throw new Error(fault);
    }
}

function faultOfStop({ name }: ClusterDir, other: ProcessRecord, waited: Milliseconds): string | undefined {
  const { pid } = other;
  const end = `end it with kill -KILL ${pid}`;
  if (waited >= longestSleep && isSuspended(other))
    return `another command (pid ${pid}) was stopping cluster "${name}" and is suspended: let it go on with kill -CONT ${pid}, or ${end}`;
  if (waited >= longestStop)
    return `another command (pid ${pid}) has been stopping cluster "${name}" for more than ${longestStop / 1000} s: wait for it, or ${end}`;
  return undefined;
}

/** Claims the cluster's place to start it there. Throws where it runs. */
export async function claimToStart(dir: ClusterDir, ctx: Context): Promise<LetGo> {
  for (;;) {
    await whenStopped(dir, ctx);
    const letGo = await claim(placeOf(dir));
    if (letGo && !stopperOf(dir)) return letGo;
    await letGo?.();
    if (!letGo && !stopperOf(dir)) throw alreadyRunning(dir);
  }
}

/** Claims that it is this process who stops the cluster. */
export async function claimStop(dir: ClusterDir, ctx: Context): Promise<LetGo> {
  for (;;) {
    await whenStopped(dir, ctx);
    const letGo = await claim(stopIn(dir));
    if (letGo) return letGo;
    if (!stopperOf(dir)) throw heldByAnother(dir);
  }
}

/** Ends whoever holds the cluster up, and claims its place instead. Only for who has claimed the stop. */
export async function claimFromSupervisor(dir: ClusterDir, found: (running: ProcessRecord) => void): Promise<LetGo> {
  // A claim ends a moment after its process.
  for (let attempt = 0; attempt < 20; attempt++) {
    const running = supervisorOf(dir);
    if (running) {
      found(running);
      await endProcess(running, 20_000);
    }
    const letGo = await claim(placeOf(dir));
    if (letGo) return letGo;
    await sleep(50);
  }
  throw heldByAnother(dir);
}

/** Claims the place for who has failed to start there, to take away what came of it; undefined where somebody else has it by now. */
export const claimToRemove = (dir: ClusterDir): Promise<LetGo | undefined> => claim(placeOf(dir));

export function alreadyRunning(dir: ClusterDir): Error {
  const pid = supervisorOf(dir)?.pid;
  return new Error(
    `cluster "${dir.name}" is already running${pid === undefined ? '' : ` (pid ${pid})`}; stop it with: ${called} down${dir.flags}`,
  );
}

const heldByAnother = (dir: ClusterDir): Error =>
  new Error(
    `the data directory ${dir.path} is in use by a process of another user, which is left alone: run this as that user, or as root`,
  );
