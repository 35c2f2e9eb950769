import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreFullError } from '@kubernest/store/contract';
import { openSqliteStore } from '@kubernest/store/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ctx, put, write } from '../../libs/store/contract/src/suite/fixture.ts';
import { needs } from '../../tools/test/facts.ts';
import { readTrace } from './support/trace.ts';
import { startProgram } from './support/writer-process.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kubernest-durable-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function traced(commits: number): Promise<string> {
  const file = join(directory, 'trace');
  const strace = ['strace', '-f', '-y', '-s', '64', '-e', 'trace=fdatasync,fsync,write,pwrite64,pwritev', '-o', file];
  const child = startProgram('./ack-program.ts', [join(directory, 'data'), String(commits)], strace);
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  return readFileSync(file, 'utf8');
}

describe('what sqlite acknowledged', () => {
  it('was synced to the disk before it was said, to the caller and to watchers', async () => {
    const trace = await traced(50);
    expect(readTrace(trace)).toEqual({ acknowledged: 50, watched: 50, tooEarly: [] });
  });

  it('would be found out if it was not', async () => {
    const lines = (await traced(5)).split('\n');
    const unsynced = lines.filter((line) => !/f(data)?sync/.test(line)).join('\n');
    expect(readTrace(unsynced).tooEarly).toHaveLength(10);
    const unwritten = lines.filter((line) => !/pwrite/.test(line)).join('\n');
    expect(readTrace(unwritten).tooEarly).toHaveLength(10);
  });
});

describe('a full disk', needs('root'), () => {
  it('refuses what does not fit, harms nothing, and takes writes again once there is room', async () => {
    const disk = join(directory, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk]);
    try {
      writeFileSync(join(disk, 'ballast'), new Uint8Array(4_000_000));
      const store = await openSqliteStore({ directory: join(disk, 'data') });
      let last = await write(store, put('/small', 'kept'));
      const fill = async () => {
        for (let i = 0; ; i++) last = await write(store, { op: 'put', key: `/${i}`, value: new Uint8Array(200_000) });
      };
      await expect(fill()).rejects.toThrow(StoreFullError);
      expect(await store.currentRevision(ctx)).toBe(last);
      expect((await store.list('/', { countOnly: true }, ctx)).remaining).toBe(last - 1);
      rmSync(join(disk, 'ballast'));
      expect(await write(store, put('/small', 'again'))).toBe(last + 1);
      await store.close();
      const again = await openSqliteStore({ directory: join(disk, 'data') });
      expect(await again.currentRevision(ctx)).toBe(last + 1);
      await again.close();
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});
