import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { procStat } from '@kubernest/process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endProcess, forgetProcess, recordedProcess, recordOf, recordProcess } from './process-file.ts';

let folder: string;
let file: string;
let children: ChildProcess[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubernest-process-'));
  file = join(folder, 'run', 'up.json');
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

async function started(program = 'setInterval(() => {}, 1000); process.send(0)'): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  children.push(child);
  await once(child, 'message');
  return child;
}

describe('a record', () => {
  it('tells of a process as long as it runs and until it is forgotten, and is its owner’s alone', async () => {
    const child = await started();
    const record = recordOf(child.pid!, { at: 'now', why: 'SIGKILL' });
    recordProcess(file, record);
    expect(recordedProcess(file)).toEqual(record);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    forgetProcess(file);
    expect(recordedProcess(file)).toBeUndefined();
    recordProcess(file, record);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(recordedProcess(file)).toBeUndefined();
  });

  const own = recordOf(process.pid);
  it.each<[string, unknown]>([
    ['is empty', {}],
    ['is no object', 7],
    ['is null', null],
    ['is a list', [own]],
    ['has no start', { pid: own.pid }],
    ['has no process', { startTicks: own.startTicks }],
    ['has a number for a start', { ...own, startTicks: Number(own.startTicks) + 1 }],
    ['has no start, of a process that there is none of', { pid: 2 ** 40, startTicks: '' }],
    ['has a text for a process', { ...own, pid: `${own.pid}/../1` }],
    ['has a group for a process', { ...own, pid: -own.pid }],
    ['tells of a later process with the same id', { ...own, startTicks: `${own.startTicks}0` }],
    ['was damaged where it tells why it restarted', { ...own, restarted: 'yes' }],
  ])('that %s tells of none', (_, value) => {
    mkdirSync(join(folder, 'run'));
    writeFileSync(file, JSON.stringify(value));
    expect(recordedProcess(file)).toBeUndefined();
  });

  it.each<[string, () => void]>([
    ['is torn', () => writeFileSync(file, '{"pid": ')],
    ['is a folder', () => mkdirSync(file)],
    [
      'leads to another',
      () => {
        const other = join(folder, 'other.json');
        writeFileSync(other, JSON.stringify(own));
        symlinkSync(other, file);
      },
    ],
  ])('that %s tells of none', (_, make) => {
    mkdirSync(join(folder, 'run'));
    make();
    expect(recordedProcess(file)).toBeUndefined();
  });

  it.skipIf(process.geteuid?.() !== 0)('that another user wrote ends no process but theirs', () => {
    recordProcess(file, own);
    chownSync(file, 65534, 65534);
    expect(recordedProcess(file)).toBeUndefined();
  });

  it('takes the place of what somebody linked there, and writes into nothing else', () => {
    mkdirSync(join(folder, 'run'));
    const victim = join(folder, 'victim');
    writeFileSync(victim, '');
    symlinkSync(victim, file);
    recordProcess(file, own);
    expect([statSync(victim).size, recordedProcess(file)?.pid]).toEqual([0, process.pid]);
  });
});

describe('a process that is ended', () => {
  it('is gone, whatever it does with SIGTERM, and gone already is success', async () => {
    const child = await started("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); process.send(0)");
    const record = recordOf(child.pid!);
    await endProcess(record, 50);
    expect(procStat(child.pid!)?.state ?? 'Z').toBe('Z');
    await endProcess(record, 50);
  });

  it('ends by itself where it was suspended', async () => {
    const child = await started(
      "process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1000); process.send(0)",
    );
    const ended = once(child, 'exit');
    child.kill('SIGSTOP');
    while (procStat(child.pid!)?.state !== 'T') await new Promise((resolve) => setImmediate(resolve));
    await endProcess(recordOf(child.pid!), 20_000);
    expect(await ended).toEqual([7, null]);
  });
});
