import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listPast } from './past-list.ts';
import { packCommit } from './wire.ts';
import { openDatabase } from './worker/database.ts';
import { PastReader } from './worker/past-reader.ts';
import { Writer } from './worker/writer.ts';

const MANY = 1300;
const nameOf = (i: number): string => `/p/${String(i).padStart(6, '0')}`;

let directory: string;
let db: ReturnType<typeof openDatabase>;
let writer: Writer;
let reader: PastReader;
let sizes: number[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kubernest-past-'));
  db = openDatabase({ kubernestSqliteWorker: true, directory, maxBytes: undefined });
  writer = new Writer(db);
  reader = new PastReader(db);
  sizes = [];
});
afterEach(() => {
  db.close();
  rmSync(directory, { recursive: true });
});

function put(keys: readonly string[], value = 'v'): void {
  const transactions = keys.map((key) => ({
    conditions: [],
    writes: [{ op: 'put', key, value: Buffer.from(value) } as const],
  }));
  writer.commit(packCommit(transactions, 0));
}

/** As the store does it, with a commit before every step. */
const list = (options: Omit<Parameters<typeof listPast>[1], 'revision'>, revision: number) =>
  listPast('/p/', { ...options, revision }, async (step) => {
    put([nameOf(0), `/p/late-${sizes.length}`], 'late');
    const reply = reader.step(step);
    if (reply.kind !== 'past') throw new Error(reply.kind);
    sizes.push(reply.entries.keys.length);
    return reply;
  });

test('a long list comes in steps, between which others write what it does not see', async () => {
  const names = Array.from({ length: MANY }, (_, i) => nameOf(i));
  put(names);
  const { entries, remaining } = await list({}, writer.revision);
  expect([entries.map(({ key }) => key), remaining]).toEqual([names, 0]);
  expect(new Set(entries.map(({ value }) => Buffer.from(value).toString()))).toEqual(new Set(['v']));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(500);
  expect(sizes.length).toBeGreaterThan(2);
});

test('large values make short steps', async () => {
  put(
    Array.from({ length: 12 }, (_, i) => nameOf(i)),
    'x'.repeat(400_000),
  );
  const { revision } = writer;
  const { entries, remaining } = await list({ limit: 7 }, revision);
  expect([entries.length, remaining]).toEqual([7, 5]);
  expect(Math.max(...sizes)).toBe(3);
  sizes = [];
  expect((await list({ limit: 12, keysOnly: true }, revision)).entries).toHaveLength(12);
  expect(sizes).toEqual([12]);
});

test('what was written later is passed by in steps too', async () => {
  put([nameOf(0), '/p/999999']);
  const { revision } = writer;
  put(Array.from({ length: 12_000 }, (_, i) => nameOf(i + 1)));
  const { entries } = await list({ keysOnly: true }, revision);
  expect(entries.map(({ key }) => key)).toEqual([nameOf(0), '/p/999999']);
  expect(sizes.length).toBeGreaterThan(2);
});

test('one key with more versions than a step passes by is one step', async () => {
  put([nameOf(1), nameOf(2), nameOf(3)]);
  const { revision } = writer;
  put(Array.from({ length: 6000 }, () => nameOf(2)));
  for (const at of [revision, writer.revision]) {
    sizes = [];
    const { entries } = await list({}, at);
    expect(entries.map(({ key }) => key)).toEqual([nameOf(1), nameOf(2), nameOf(3)]);
    expect(sizes.length).toBeLessThan(8);
  }
  expect((await list({ limit: 1 }, revision)).remaining).toBe(2);
  expect((await list({ limit: 1, uncounted: true }, revision)).remaining).toBe(1);
});

test('what remains is counted in steps, once and only for who asks', async () => {
  put(Array.from({ length: 25_000 }, (_, i) => nameOf(i)));
  const { revision } = writer;
  expect((await list({ limit: 1 }, revision)).remaining).toBe(24_999);
  expect(sizes).toEqual([1, 0, 0]);
  expect((await list({ countOnly: true }, revision)).remaining).toBe(25_000);
  sizes = [];
  expect((await list({ limit: 1, uncounted: true }, revision)).remaining).toBe(1);
  expect(sizes).toEqual([1]);
});
