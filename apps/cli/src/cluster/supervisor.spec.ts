import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, FakeClock, silentLogger, systemClock, whenAborted } from '@kubernest/kit';
import { procStat } from '@kubernest/process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordedProcess } from './process-file.ts';
import { type ProcessSpec, SupervisedProcess } from './supervisor.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kubernest-supervisor-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const ctx = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
const processOf = (
  script: string,
  ready: ProcessSpec['ready'],
  more: Partial<ProcessSpec> = {},
  say: (line: string) => void = () => {},
): SupervisedProcess =>
  new SupervisedProcess(
    {
      name: 'engine',
      command: process.execPath,
      args: ['-e', script],
      pidFile: join(dir, 'engine.json'),
      logFile: join(dir, 'engine.log'),
      ready,
      stopGrace: 1_000,
      ...more,
    },
    say,
  );

describe('the start of a process', () => {
  it('fails with its last word when it ends before it is ready, and nobody waits for it any longer', async () => {
    let asking = ctx.signal;
    const started = processOf('console.error("no room"); process.exit(3)', (_child, signal) => {
      asking = signal;
      return whenAborted(signal);
    }).start(ctx);
    await expect(started).rejects.toThrow('engine ended before it was ready (exit code 3): no room');
    expect(asking.aborted).toBe(true);
  });

  it.each<[string, string, string | RegExp]>([
    [
      'what it told, where its log takes nothing',
      `process.send({ failed: 'no room' }, undefined, undefined, () => process.exit(1))`,
      /^no room; the log of engine is /,
    ],
    [
      'that it told nothing, and not what an earlier one wrote',
      'process.exit(4)',
      '(exit code 4): it did not say why;',
    ],
    ['the error, when it breaks down', 'throw new Error("no room")', '(exit code 1): Error: no room;'],
    ['the signal that ended it', `process.kill(process.pid, 'SIGKILL')`, '(SIGKILL): it did not say why;'],
  ])('fails with %s', async (_, script, words) => {
    writeFileSync(join(dir, 'engine.log'), 'of an earlier one\n');
    const started = processOf(script, (_child, signal) => whenAborted(signal), { beats: true }).start(ctx);
    await expect(started).rejects.toThrow(words);
  });

  it('that takes long is told of once, with where to look', async () => {
    const clock = new FakeClock();
    const said: string[] = [];
    const asked = Promise.withResolvers<void>();
    const { promise, resolve } = Promise.withResolvers<void>();
    const ready = () => {
      asked.resolve();
      return promise;
    };
    const slow = processOf('setInterval(() => {}, 1000)', ready, {}, (line) => said.push(line));
    const started = slow.start({ ...ctx, clock });
    await asked.promise;
    await clock.advance(60_000);
    resolve();
    await started;
    expect(said).toEqual([`engine is not ready yet; its log is ${join(dir, 'engine.log')}`]);
    await slow.stop();
  });

  it('that cannot be recorded is told of, and ends with all else', async () => {
    mkdirSync(join(dir, 'engine.json', 'in the way'), { recursive: true });
    const said: string[] = [];
    let pid = 0;
    const ready: ProcessSpec['ready'] = async (child) => {
      pid = child.pid!;
    };
    const unrecorded = processOf('setInterval(() => {}, 1000)', ready, {}, (line) => said.push(line));
    await unrecorded.start(ctx);
    expect(said).toEqual([expect.stringContaining('engine.json cannot be written: ')]);
    await expect(unrecorded.stop()).rejects.toThrow();
    expect(procStat(pid)?.state ?? 'Z').toBe('Z');
  });

  it('that was called off starts nothing', async () => {
    const calledOff = { ...ctx, signal: AbortSignal.abort(new Error('called off')) };
    const started = processOf('', () => expect.unreachable()).start(calledOff);
    await expect(started).rejects.toThrow('called off');
  });
});

describe('the end of a process', () => {
  it.each([
    ['could not be started', { command: join('/', 'no', 'such', 'program') }],
    ['has exited', { args: ['-e', ''] }],
  ])('that %s ends the watch for its heartbeats', async (_, program) => {
    const watches = new Set<() => void>();
    const clock: Clock = {
      ...systemClock,
      after(time, act) {
        const cancel = systemClock.after(time, () => {
          watches.delete(cancel);
          act();
        });
        watches.add(cancel);
        return () => {
          watches.delete(cancel);
          cancel();
        };
      },
    };
    const ready = (_child: ChildProcess, signal: AbortSignal) => whenAborted(signal);
    const started = processOf('', ready, { ...program, beats: true }).start({ ...ctx, clock });
    await expect(started).rejects.toThrow('engine ended before it was ready');
    expect(watches.size).toBe(0);
  });

  it('does not depend on the data directory, which may be gone', async () => {
    let pid = 0;
    const process = processOf('setInterval(() => {}, 1000)', async (child) => {
      pid = child.pid!;
    });
    await process.start(ctx);
    rmSync(dir, { recursive: true });
    await process.stop();
    expect(procStat(pid)?.state ?? 'Z').toBe('Z');
  });
});

describe('a process that', () => {
  const beats = 'const beat = () => process.send({ alive: true, debugged: false }); setInterval(beat, 1000); beat();';
  const pidNow = () => recordedProcess(join(dir, 'engine.json'))?.pid;
  let child: ChildProcess;
  /** Ready once it was heard. */
  const heard: ProcessSpec['ready'] = async (started) => {
    child = started;
    await once(started, 'message');
  };
  const untilState = async (state: string) => {
    while (procStat(child.pid!)?.state !== state) await new Promise((resolve) => setImmediate(resolve));
  };

  it.each([
    [
      'was stopped',
      beats,
      async () => {
        child.kill('SIGSTOP');
        await untilState('T');
      },
      'it is stopped and has not answered for 10 s',
    ],
    [
      'computes for ever',
      `process.once('SIGUSR2', () => process.send('now', () => { for (;;); })); ${beats}`,
      async () => {
        child.kill('SIGUSR2');
        for (let said: unknown; said !== 'now'; ) [said] = await once(child, 'message');
        await untilState('R');
      },
      'it has not answered for 30 s',
    ],
  ])('%s is ended, and another takes its place, which is said and kept', async (_, script, hang, why) => {
    const clock = new FakeClock();
    const said: string[] = [];
    const supervised = processOf(script, heard, { beats: true }, (line) => said.push(line));
    await supervised.start({ ...ctx, clock });
    const first = pidNow()!;
    await hang();
    while (pidNow() === first || pidNow() === undefined) await clock.advance(1000);
    expect(said[0]).toBe(`engine hangs: ${why}; ending it`);
    expect(said[1]).toBe(`engine ended (hung: ${why}); starting it again in 0.2 s`);
    expect(recordedProcess(join(dir, 'engine.json'))?.restarted).toMatchObject({ why: `hung: ${why}` });
    await supervised.stop();
    expect(procStat(first)?.state ?? 'Z').toBe('Z');
  });

  it('ends is started again, whatever keeps what is left of it from being cleared away, which is said', async () => {
    const clock = new FakeClock();
    const said: string[] = [];
    let starts = 0;
    const beforeStart = async () => {
      if (++starts > 1) throw new Error('no room');
    };
    const supervised = processOf(beats, heard, { beforeStart }, (line) => said.push(line));
    await supervised.start({ ...ctx, clock });
    const first = pidNow()!;
    child.kill('SIGKILL');
    while (pidNow() === first || pidNow() === undefined) {
      await clock.advance(1000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(said).toContain('engine starts all the same: no room');
    await supervised.stop();
  });

  it('ends in a way that no restart will mend is not started again, and its reason is known', async () => {
    const clock = new FakeClock();
    const said: string[] = [];
    const script = `process.once('SIGUSR2', () => { console.error('the key is lost'); process.exit(78); }); ${beats}`;
    const supervised = processOf(script, heard, {}, (line) => said.push(line));
    await supervised.start({ ...ctx, clock });
    process.kill(pidNow()!, 'SIGUSR2');
    await expect(supervised.failed).rejects.toThrow(
      'engine ended and cannot be started again (exit code 78): the key is lost; its log is',
    );
    await clock.advance(60_000);
    expect([said, pidNow()]).toEqual([[], undefined]);
    await supervised.stop();
  });
});
