import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { FakeClock } from '@kubernest/kit';
import { type Store, StoreFullError, type Write } from '@kubernest/store/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ctx, put, Recorder, text, write } from '../../contract/src/suite/fixture.ts';
import { openSqliteStore, type SqliteStoreOptions } from './index.ts';

let directory: string;
let stores: Store[];

async function open(options: Partial<SqliteStoreOptions> = {}): Promise<Store> {
  const store = await openSqliteStore({ directory, ...options });
  stores.push(store);
  return store;
}

beforeEach(async () => {
  stores = [];
  directory = await mkdtemp(join(tmpdir(), 'kubernest-sqlite-'));
});
afterEach(async () => {
  for (const store of stores) await store.close();
  await rm(directory, { recursive: true });
});

const large = (key: string, fill = 1): Write => ({ op: 'put', key, value: new Uint8Array(100_000).fill(fill) });

describe('data of the sqlite store', () => {
  it('is what it was after closing and opening, and its revisions go on', async () => {
    const first = await open();
    await write(first, put('/a', '1'), put('/b', '1'));
    const last = await write(first, put('/a', '2'));
    await first.compact(last, ctx);
    await first.close();
    const second = await open();
    expect(await second.currentRevision(ctx)).toBe(last);
    expect(text((await second.get('/a', ctx)).entry?.value)).toBe('2');
    expect(await write(second, put('/a', '3'))).toBe(last + 1);
    await expect(second.list('/', { revision: last - 1 }, ctx)).rejects.toThrow('compacted');
  });

  it('still expires after closing and opening', async () => {
    const clock = new FakeClock();
    const first = await open({ clock });
    await write(first, { op: 'put', key: '/brief', value: new Uint8Array(1), expiresInSeconds: 10 });
    await first.close();
    const second = await open({ clock });
    const watch = new Recorder(second, '', await second.currentRevision(ctx));
    await clock.advance(9_000);
    expect((await second.get('/brief', ctx)).entry).toBeDefined();
    const gone = watch.until(() => watch.events.length > 0);
    await clock.advance(2_000);
    await gone;
    expect(watch.events).toMatchObject([{ type: 'delete', key: '/brief' }]);
    await watch.stop();
  });

  it('takes less room once compacted', async () => {
    const store = await open();
    for (let i = 0; i < 100; i++) await write(store, large('/a', i), large('/b', i));
    const before = await store.size(ctx);
    await store.compact(await store.currentRevision(ctx), ctx);
    const after = await store.size(ctx);
    expect(before).toBeGreaterThan(20_000_000);
    expect(after).toBeLessThan(600_000);
    expect((await store.get('/a', ctx)).entry?.value[0]).toBe(99);
  });

  it('tells when it is full, harms nothing, and works again when there is room', async () => {
    const store = await open({ maxBytes: 3_000_000 });
    let kept = 0;
    const fill = async () => {
      for (;;) kept = await write(store, large('/a'));
    };
    await expect(fill()).rejects.toThrow(StoreFullError);
    expect(await store.currentRevision(ctx)).toBe(kept);
    expect((await store.get('/a', ctx)).entry?.revision).toBe(kept);
    await store.compact(kept, ctx);
    expect(await write(store, large('/a'))).toBe(kept + 1);
  });
});

describe('opening the sqlite store', () => {
  it('writes nothing, so that there need be no room', async () => {
    const first = await open();
    await write(first, put('/a'));
    await first.close();
    const before = readFileSync(join(directory, 'state.db'));
    const second = await open();
    expect((await second.get('/a', ctx)).entry).toBeDefined();
    expect(statSync(join(directory, 'state.db-wal')).size).toBe(0);
    await second.close();
    expect(readFileSync(join(directory, 'state.db'))).toEqual(before);
  });

  it('is refused while another has the directory', async () => {
    const store = await open();
    await expect(openSqliteStore({ directory })).rejects.toThrow(/state\.db is in use by another process: stop it/);
    expect(await write(store, put('/a'))).toBeGreaterThan(0);
    await store.close();
    expect((await (await open()).get('/a', ctx)).entry).toBeDefined();
  });

  it.each([
    ['a newer program wrote the data', 'PRAGMA user_version = 99', /format 99, .* up to 2: use the newer program/],
    ['another program wrote the data', 'PRAGMA application_id = 7', /another program's database/],
  ])('is refused when %s', async (_, change, message) => {
    await (await open()).close();
    const db = new DatabaseSync(join(directory, 'state.db'));
    db.exec(change);
    db.close();
    await expect(openSqliteStore({ directory })).rejects.toThrow(message);
  });

  it('is refused when the file is no database', async () => {
    writeFileSync(join(directory, 'state.db'), 'not a database, but long enough to be looked at'.repeat(100));
    await expect(openSqliteStore({ directory })).rejects.toThrow(/is damaged: restore a backup/);
  });

  it('is refused when only the write-ahead log is left', async () => {
    const store = await open();
    await write(store, put('/a'));
    const image = join(directory, 'image');
    execFileSync('sh', ['-c', 'mkdir "$2" && cp "$1"/state.db-wal "$2"', 'sh', directory, image]);
    await expect(openSqliteStore({ directory: image })).rejects.toThrow(
      /state\.db is missing beside its write-ahead log/,
    );
    expect(statSync(join(image, 'state.db-wal')).size).toBeGreaterThan(0);
  });

  it('is refused when the file is a directory', async () => {
    mkdirSync(join(directory, 'state.db'));
    await expect(openSqliteStore({ directory })).rejects.toThrow(
      /state\.db cannot be used: unable to open database file/,
    );
  });

  it.each([
    ['cut in the middle', (file: string, half: number) => truncateSync(file, half)],
    [
      'overwritten in the middle',
      (file: string, half: number) => writeFileSync(file, readFileSync(file).fill(0xa5, half, half + 200_000)),
    ],
    ['overwritten behind its first page', (file: string) => writeFileSync(file, readFileSync(file).fill(0xa5, 4096))],
  ])('or reading tells of a file that was %s', async (_, damage) => {
    const first = await open();
    for (let i = 0; i < 20; i++) await write(first, large(`/${i}`));
    await first.close();
    const file = join(directory, 'state.db');
    damage(file, statSync(file).size >> 1);
    const readAll = async () => (await open()).list('/', {}, ctx);
    await expect(readAll()).rejects.toThrow(/state\.db is damaged: restore a backup/);
  });

  it('is refused when the directory cannot be made', async () => {
    writeFileSync(join(directory, 'file'), '');
    await expect(openSqliteStore({ directory: join(directory, 'file/below') })).rejects.toThrow(/ENOTDIR/);
  });
});

describe('a torn write-ahead log', () => {
  /** The files as a crash would leave them. Copied by another process: closing them in this one would drop its lock. */
  async function crashImage(): Promise<{ image: string; wal: string; written: number[] }> {
    const store = await open();
    const written: number[] = [];
    for (let i = 0; i < 20; i++) written.push(await write(store, put(`/${i}`), put('/last', `${i}`)));
    const image = join(directory, 'image');
    execFileSync('sh', ['-c', 'mkdir "$2" && cp "$1"/state.db* "$2"', 'sh', directory, image]);
    return { image, wal: join(image, 'state.db-wal'), written };
  }

  async function recovered(image: string): Promise<{ revision: number; last: number; count: number }> {
    const store = await open({ directory: image });
    const revision = await store.currentRevision(ctx);
    const count = (await store.list('/', { countOnly: true }, ctx)).remaining;
    const last = Number(text((await store.get('/last', ctx)).entry?.value));
    expect(await write(store, put('/more'))).toBe(revision + 1);
    return { revision, last, count };
  }

  it('keeps every acknowledged write when it ends as it was written', async () => {
    const { image, written } = await crashImage();
    expect(await recovered(image)).toEqual({ revision: written[19], last: 19, count: 21 });
  });

  it('keeps every acknowledged write when garbage follows', async () => {
    const { image, wal, written } = await crashImage();
    appendFileSync(wal, new Uint8Array(3000).fill(0xa5));
    expect(await recovered(image)).toEqual({ revision: written[19], last: 19, count: 21 });
  });

  it('loses whole transactions only, from the end, when it was cut', async () => {
    const { image, wal, written } = await crashImage();
    truncateSync(wal, statSync(wal).size - 5000);
    const { revision, last, count } = await recovered(image);
    expect(last).toBeLessThan(19);
    expect(revision).toBe(written[last]);
    expect(count).toBe(last + 2);
  });
});
