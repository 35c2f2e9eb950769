import { readdir, readFile } from 'node:fs/promises';
import type { Clock, Milliseconds } from '@kubernest/kit';
import { ifThere, isMissing, parseProcStat } from '@kubernest/process';

/** The first process of a command: it leads a session of its own, and a pid alone may come to mean another. */
export interface Leader {
  readonly pid: number;
  readonly startTicks: string;
}

/** How long a command has to end after its terminal hung up. */
const HANG_UP_GRACE: Milliseconds = 5_000;

export async function findLeader(pid: number, proc = '/proc'): Promise<Leader | undefined> {
  const stat = await ifThere(readFile(`${proc}/${pid}/stat`, 'utf8'));
  return stat === undefined ? undefined : { pid, startTicks: parseProcStat(stat).startTicks };
}

/**
 * What runs in the leader's session and in this container's cgroup, be it in the background. Nothing when the leader's pid means another
 * process by now: the kernel gives a session's number to nobody while one of its processes is there. Who has begun a session of his own
 * belongs to nobody's terminal any more, and is not among them.
 */
export async function sessionMembers(leader: Leader, containerId: string, proc = '/proc'): Promise<readonly number[]> {
  const now = await findLeader(leader.pid, proc);
  if (now && now.startTicks !== leader.startTicks) return [];
  const members: number[] = [];
  for (const name of await readdir(proc)) {
    const stat = /^\d+$/.test(name) ? await ifThere(readFile(`${proc}/${name}/stat`, 'utf8')) : undefined;
    if (stat === undefined) continue;
    const { pid, session, state } = parseProcStat(stat);
    if (session !== leader.pid || state === 'Z') continue;
    if ((await ifThere(readFile(`${proc}/${name}/cgroup`, 'utf8')))?.includes(containerId)) members.push(pid);
  }
  return members;
}

/** As when a terminal hangs up: SIGHUP, and a while to end. */
export async function hangUp(leader: Leader, containerId: string, clock: Clock): Promise<void> {
  if ((await signalAll(leader, containerId, 'SIGHUP')) > 0)
    await clock.sleep(HANG_UP_GRACE, new AbortController().signal);
}

/** Resolves with how many there were. */
export const killSession = (leader: Leader, containerId: string): Promise<number> =>
  signalAll(leader, containerId, 'SIGKILL');

async function signalAll(leader: Leader, containerId: string, signal: 'SIGHUP' | 'SIGKILL'): Promise<number> {
  const members = await sessionMembers(leader, containerId);
  for (const pid of members) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      // Others may have ended meanwhile.
      if (!isMissing(error)) throw error;
    }
  }
  return members.length;
}
