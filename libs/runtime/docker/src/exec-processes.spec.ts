import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findLeader, sessionMembers } from './exec-processes.ts';

const stat = (pid: number, session: number, startedAt: number, state = 'S'): string =>
  `${pid} (sh) ${state} 1 ${pid} ${session} 0 -1 4194304 1 1 1 1 1 1 1 1 20 0 1 0 ${startedAt} 1000 1`;

describe('the processes of a command', () => {
  let proc: string;
  beforeEach(() => {
    proc = mkdtempSync(join(tmpdir(), 'proc-'));
    writeFileSync(join(proc, 'uptime'), '1');
  });
  afterEach(() => rmSync(proc, { recursive: true }));
  const lay = (pid: number, line: string, cgroup = '/pods/abc'): void => {
    mkdirSync(join(proc, String(pid)));
    writeFileSync(join(proc, String(pid), 'stat'), line);
    writeFileSync(join(proc, String(pid), 'cgroup'), `0::${cgroup}\n`);
  };

  it('are those of its session in its container, but for the dead', async () => {
    lay(10, stat(10, 10, 100));
    lay(11, stat(11, 10, 101));
    lay(12, stat(12, 10, 102, 'Z'));
    lay(13, stat(13, 13, 103));
    lay(14, stat(14, 10, 104), '/pods/other');
    const leader = await findLeader(10, proc);
    expect(leader).toEqual({ pid: 10, startTicks: '100' });
    expect([...(await sessionMembers(leader!, 'abc', proc))].sort()).toEqual([10, 11]);
  });

  it('are found when the first of them has ended', async () => {
    lay(11, stat(11, 10, 101));
    expect(await sessionMembers({ pid: 10, startTicks: '100' }, 'abc', proc)).toEqual([11]);
  });

  it('are none when another has come to its number', async () => {
    lay(10, stat(10, 10, 500));
    expect(await sessionMembers({ pid: 10, startTicks: '100' }, 'abc', proc)).toEqual([]);
  });
});
