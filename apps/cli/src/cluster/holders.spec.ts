import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, FakeClock, silentLogger, systemClock } from '@kubernest/kit';
import { procStat } from '@kubernest/process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClusterDir } from './cluster-dir.ts';
import { claimFromSupervisor, claimStop, claimToStart, stopperOf, supervisorOf, whenStopped } from './holders.ts';
import { recordOf, recordProcess } from './process-file.ts';
import { removeUnbegun } from './remove-data.ts';
import { takeFolder } from './take-folder.ts';

let machine: string;
let dir: ClusterDir;
let children: ChildProcess[];
const ctx: Context = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
beforeEach(() => {
  machine = mkdtempSync(join(tmpdir(), 'kubernest-holders-'));
  dir = new ClusterDir('mine', join(machine, 'data'));
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(machine, { recursive: true });
});

/** Another process that does so, until it is ended. */
async function another(does: 'claimToStart' | 'claimStop' | 'stopperOf'): Promise<ChildProcess> {
  const at = (file: string): string => String(new URL(file, import.meta.url));
  const program = `import { ${does} } from '${at('holders.ts')}';
import { ClusterDir } from '${at('cluster-dir.ts')}';
import { silentLogger, systemClock } from '@kubernest/kit';
const dir = new ClusterDir('mine', ${JSON.stringify(dir.path)});
await ${does}(dir, { signal: new AbortController().signal, clock: systemClock, log: silentLogger });
setInterval(() => {}, 1000);
process.send('claimed');`;
  const child = spawn(process.execPath, ['--import=tsx', '--input-type=module', '-e', program], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  children.push(child);
  await once(child, 'message');
  return child;
}

async function suspend(child: ChildProcess): Promise<void> {
  child.kill('SIGSTOP');
  while (procStat(child.pid!)?.state !== 'T') await new Promise((resolve) => setImmediate(resolve));
}

describe('who holds a cluster up', () => {
  it('is known without a record, by any way to its place, and is ended for who stops it', async () => {
    mkdirSync(dir.path);
    const link = new ClusterDir('mine', join(machine, 'link'));
    symlinkSync(dir.path, link.path);
    const holder = await another('claimToStart');
    for (const way of [dir, link]) {
      expect(supervisorOf(way)?.pid).toBe(holder.pid);
      await expect(claimToStart(way, ctx)).rejects.toThrow(`cluster "mine" is already running (pid ${holder.pid})`);
    }
    const letGoStop = await claimStop(link, ctx);
    const found: number[] = [];
    const letGo = await claimFromSupervisor(link, ({ pid }) => found.push(pid));
    expect(found).toEqual([holder.pid]);
    expect(procStat(holder.pid!)?.state ?? 'Z').toBe('Z');
    await letGo();
    await letGoStop();
  });

  it('keeps its place from who failed to start there meanwhile', async () => {
    takeFolder(dir);
    const holder = await another('claimToStart');
    await removeUnbegun(dir);
    expect(existsSync(dir.in('run'))).toBe(true);
    const ended = once(holder, 'exit');
    holder.kill('SIGKILL');
    await ended;
    await removeUnbegun(dir);
    expect(existsSync(dir.path)).toBe(false);
  });
});

describe('who stops a cluster', () => {
  it('is known by claim or record, and waited for by who starts it', async () => {
    expect(stopperOf(dir)).toBeUndefined();
    const stopper = await another('claimStop');
    expect([stopperOf(dir)?.pid, supervisorOf(dir)]).toEqual([stopper.pid, undefined]);
    const clock = new FakeClock();
    const started = claimToStart(dir, { ...ctx, clock });
    // Told to stop it, and not that far yet.
    const next = await another('stopperOf');
    recordProcess(dir.pidFile('down'), recordOf(next.pid!));
    for (const child of children) {
      await clock.advance(5_000);
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    await clock.advance(1_000);
    await (await started)();
  });

  it.each([
    [
      'that is at it for too long',
      61_000,
      async () => {},
      'for more than 60 s: wait for it, or end it with kill -KILL',
    ],
    ['that is suspended', 11_000, suspend, 'is suspended: let it go on with kill -CONT'],
  ])('and %s is named to who waits', async (_, span, befall, words) => {
    const stopper = await another('claimStop');
    await befall(stopper);
    const clock = new FakeClock();
    for (const wait of [whenStopped, claimToStart, claimStop]) {
      const waited = wait(dir, { ...ctx, clock }).catch((error: unknown) => String(error));
      for (let at = 0; at < span; at += 100) await clock.advance(100);
      const told = await waited;
      expect(told).toContain(`another command (pid ${stopper.pid})`);
      expect(told).toContain(words);
    }
  });
});
