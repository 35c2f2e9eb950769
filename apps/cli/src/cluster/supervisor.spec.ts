import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock, whenAborted } from '@kubernest/kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { procStat } from './proc-stat.ts';
import { type ProcessSpec, SupervisedProcess } from './supervisor.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kubernest-supervisor-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const ctx = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
const processOf = (script: string, ready: ProcessSpec['ready']): SupervisedProcess =>
  new SupervisedProcess(
    {
      name: 'engine',
      command: process.execPath,
      args: ['-e', script],
      pidFile: join(dir, 'engine.json'),
      logFile: join(dir, 'engine.log'),
      ready,
      stopGrace: 1_000,
    },
    () => {},
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

  it('that was called off starts nothing', async () => {
    const calledOff = { ...ctx, signal: AbortSignal.abort(new Error('called off')) };
    const started = processOf('', () => expect.unreachable()).start(calledOff);
    await expect(started).rejects.toThrow('called off');
  });
});

describe('the end of a process', () => {
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
