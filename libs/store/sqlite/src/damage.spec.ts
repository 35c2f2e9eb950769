import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Store } from '@kubernest/store/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ctx, put, text, write } from '../../contract/src/suite/fixture.ts';
import { noted } from '../fixtures/noted.ts';
import { openSqliteStore, StoreDamagedError } from './index.ts';
import { readOpenMark } from './worker/open-mark.ts';
import { damageOfLog } from './worker/write-ahead-log.ts';

let directory: string;
let image: string;
let stores: Store[];
const wal = (): string => join(image, 'state.db-wal');
const FRAME = 24 + 4096;

async function open(where: string): Promise<Store> {
  const store = await openSqliteStore({ directory: where });
  stores.push(store);
  return store;
}

/** The files as a crash would leave them. Copied by another process: closing them in this one would drop its lock. */
const takeImage = (): void => {
  execFileSync('sh', ['-c', 'rm -rf "$2" && mkdir "$2" && cp "$1"/* "$2"', 'sh', join(directory, 'live'), image]);
};

beforeEach(async () => {
  stores = [];
  directory = await mkdtemp(join(tmpdir(), 'kubernest-damage-'));
  image = join(directory, 'image');
});
afterEach(async () => {
  for (const store of stores) await store.close();
  await rm(directory, { recursive: true });
});

const damage = () => {
  const mark = readOpenMark(image);
  return damageOfLog(wal(), mark === 'unknown' ? undefined : mark);
};

/** The last value that was acknowledged, and that of the log before it. */
async function written(writes: number): Promise<Store> {
  const store = await open(join(directory, 'live'));
  for (let i = 0; i < writes; i++) await write(store, put(`/${i}`), put('/last', `${i}`));
  await noted(store, join(directory, 'live'));
  takeImage();
  return store;
}

async function lastIn(where: string): Promise<number> {
  const store = await open(where);
  const last = Number(text((await store.get('/last', ctx)).entry?.value));
  await store.close();
  return last;
}

describe('a bit of the write-ahead log that flips', () => {
  it('loses nothing that was acknowledged in silence, wherever it is', async () => {
    await written(20);
    const whole = readFileSync(wal());
    expect(damage()).toBeUndefined();
    const frames = Math.floor((whole.length - 32) / FRAME);
    const header = Array.from({ length: 32 }, (_, at) => at);
    // Every field of every frame's header, and places all over its page.
    const inFrames = Array.from({ length: frames }, (_, n) => n * FRAME + 32).flatMap((at) =>
      [0, 3, 4, 7, 8, 11, 12, 15, 16, 19, 20, 23, 24, 1000, 4095, FRAME - 1].map((offset) => at + offset),
    );
    const missed: string[] = [];
    for (const [n, at] of [...header, ...inFrames].entries()) {
      const bytes = Buffer.from(whole);
      bytes[at] = bytes[at]! ^ (1 << (n % 8));
      writeFileSync(wal(), bytes);
      if (!damage()) missed.push(`${at} of ${whole.length}`);
    }
    expect(missed).toEqual([]);
  });

  it('is told of with the way out, and all is left as it is', async () => {
    await written(5);
    const bytes = readFileSync(wal());
    bytes[5000] = bytes[5000]! ^ 1;
    writeFileSync(wal(), bytes);
    const before = readFileSync(join(image, 'state.db'));
    const refused = open(image);
    await expect(refused).rejects.toThrow(StoreDamagedError);
    await expect(refused).rejects.toThrow(/state\.db-wal is damaged in front of writes .*: restore a backup/);
    expect([readFileSync(wal()), readFileSync(join(image, 'state.db'))]).toEqual([bytes, before]);
  });

  it('in the last transaction is told of with the way on, and all is left as it is', async () => {
    await written(5);
    const bytes = readFileSync(wal());
    bytes[bytes.length - 5000] = bytes[bytes.length - 5000]! ^ 1;
    writeFileSync(wal(), bytes);
    for (const again of [1, 2]) {
      const refused = open(image);
      await expect(refused, `${again}`).rejects.toThrow(StoreDamagedError);
      await expect(refused).rejects.toThrow(/state\.db-wal is damaged where the last writes are .*: restore a backup/);
    }
    expect(readFileSync(wal())).toEqual(bytes);
    rmSync(join(image, 'open'));
    expect(await lastIn(image)).toBe(3);
  });
});

describe('a write-ahead log after a crash', () => {
  it('is whole wherever it was cut behind what was acknowledged, and behind garbage', async () => {
    await written(6);
    const whole = readFileSync(wal());
    for (let length = whole.length; length > 0; length -= 1111) {
      truncateSync(wal(), length);
      expect([length, damageOfLog(wal())]).toEqual([length, undefined]);
    }
    writeFileSync(wal(), whole);
    appendFileSync(wal(), Buffer.alloc(3 * FRAME, 0xa5));
    expect(damage()).toBeUndefined();
    expect(await lastIn(image)).toBe(5);
  });

  it('may have the last transaction in any order: its frames reach the disk as it likes', async () => {
    const store = await written(6);
    const before = readFileSync(wal()).length;
    const mark = readFileSync(join(image, 'open'));
    await write(store, put('/a', 'x'.repeat(20_000)), put('/last', 'more'));
    takeImage();
    // It was not acknowledged yet.
    writeFileSync(join(image, 'open'), mark);
    const whole = readFileSync(wal());
    for (let at = before; at < whole.length; at += FRAME) {
      writeFileSync(wal(), Buffer.from(whole).fill(0, at, at + FRAME));
      expect([at, damage()]).toEqual([at, undefined]);
    }
    expect(await lastIn(image)).toBe(5);
  });

  it('is whole when it goes over what is left of an earlier one', async () => {
    const store = await written(1);
    // More than the log holds: it begins again at its beginning.
    const large = 'x'.repeat(100_000);
    for (let i = 0; i < 220; i++) {
      await write(store, put('/large', large));
      if (i % 20 !== 0) continue;
      takeImage();
      expect(damage()).toBeUndefined();
    }
  });
});

describe('a write-ahead log that is missing after an unclean stop', () => {
  it.each<[string, () => void]>([
    ['missing', () => rmSync(wal())],
    ['empty', () => truncateSync(wal(), 0)],
  ])('is told of when it is %s: acknowledged writes are gone', async (what, lose) => {
    await written(3);
    lose();
    await expect(open(image)).rejects.toThrow(`state.db-wal is ${what}, which had the last writes`);
    // The way out for a database that is whole by itself.
    rmSync(join(image, 'open'));
    await open(image);
  });

  it('is not missed after a clean stop, after one that was clean twice, or before the first write', async () => {
    const live = join(directory, 'live');
    const store = await written(3);
    await store.close();
    expect([existsSync(join(live, 'open')), existsSync(join(live, 'state.db-wal'))]).toEqual([false, false]);
    expect(await lastIn(live)).toBe(2);
    await open(live);
    takeImage();
    expect(await lastIn(image)).toBe(2);
  });

  it('is not missed when a compaction has emptied it', async () => {
    const store = await written(30);
    await store.compact(await store.currentRevision(ctx), ctx);
    takeImage();
    expect([statSync(wal()).size, existsSync(join(image, 'open'))]).toEqual([0, false]);
    expect(await lastIn(image)).toBe(29);
    await write(store, put('/last', '99'));
    takeImage();
    expect(existsSync(join(image, 'open'))).toBe(true);
    expect(await lastIn(image)).toBe(99);
  });

  it('is not missed when its process ended without closing the store: SQLite has closed it', async () => {
    const live = join(directory, 'live');
    const program = fileURLToPath(new URL('../fixtures/unclosed-program.ts', import.meta.url));
    for (const value of [['0'], []]) {
      execFileSync(process.execPath, ['--import', import.meta.resolve('tsx'), program, live, ...value]);
      expect([existsSync(join(live, 'open')), existsSync(join(live, 'state.db-wal'))]).toEqual([true, false]);
    }
    expect(await lastIn(live)).toBe(0);
  });

  it('is told of when state.db is older than what was acknowledged, and the log is of another life', async () => {
    const live = join(directory, 'live');
    const store = await written(3);
    await store.close();
    copyFileSync(join(live, 'state.db'), join(directory, 'older'));
    await write(await open(live), put('/last', '3'));
    takeImage();
    copyFileSync(join(directory, 'older'), join(image, 'state.db'));
    rmSync(wal());
    await expect(open(image)).rejects.toThrow('state.db-wal is missing, which had the last writes');
  });

  it('is not missed when the start that found it was refused', async () => {
    const store = await written(3);
    await expect(open(join(directory, 'live'))).rejects.toThrow('is in use');
    copyFileSync(join(directory, 'live', 'open'), join(directory, 'kept'));
    await store.close();
    expect(await lastIn(join(directory, 'live'))).toBe(2);
  });
});

it('the database and its log are for nobody else to read, however they were', async () => {
  const live = join(directory, 'live');
  const store = await written(1);
  const modes = (): number[] => ['state.db', 'state.db-wal'].map((file) => statSync(join(live, file)).mode & 0o777);
  expect(modes()).toEqual([0o600, 0o600]);
  await store.close();
  execFileSync('chmod', ['644', join(live, 'state.db')]);
  await write(await open(live), put('/more'));
  expect(modes()).toEqual([0o600, 0o600]);
});
