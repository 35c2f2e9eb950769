import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { deserialize, serialize } from 'node:v8';
import { FakeClock } from '@kubernest/kit';
import type { Write } from '@kubernest/store/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ctx, put, write } from '../../contract/src/suite/fixture.ts';
import { noted } from '../fixtures/noted.ts';
import { openSqliteStore } from './index.ts';
import { Compactor } from './worker/compactor.ts';
import { closeDatabase, openDatabase } from './worker/database.ts';
import { explain, RefusedError } from './worker/faults.ts';
import { OpenMark } from './worker/open-mark.ts';
import { PastReader } from './worker/past-reader.ts';
import { Reader } from './worker/reader.ts';
import { Writer } from './worker/writer.ts';

type Image = ReadonlyMap<string, Buffer>;
let directory: string;
/** The files of one store, as a stop leaves them and as a crash does. */
let stopped: Image;
let crashed: Image;

const clock = new FakeClock();
const brief = (key: string, value: string): Write => ({
  op: 'put',
  key,
  value: Buffer.from(value),
  expiresInSeconds: 3600,
});

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'kubernest-flipped-'));
  const live = join(directory, 'live');
  const store = await openSqliteStore({ directory: live, clock });
  const large = 'long'.repeat(4_000);
  for (let round = 0; round < 4; round++) {
    for (let n = 0; n < 12; n++) await write(store, put(`/registry/things/${n}`, `${round} of ${n}`.repeat(20)));
    await write(store, put('/registry/large', `${round}${large}`), brief('/registry/events/brief', `${round}`));
    await write(store, { op: 'delete', key: `/registry/things/${round}` }, put('/registry/last', `${round}`));
    if (round === 1) await store.compact((await store.currentRevision(ctx)) - 4, ctx);
  }
  await noted(store, live);
  // By another process: closing them in this one would drop the lock of the store.
  execFileSync('cp', ['-r', live, join(directory, 'crashed')]);
  await store.close();
  stopped = imageOf(live);
  crashed = imageOf(join(directory, 'crashed'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const imageOf = (folder: string): Image =>
  new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));

/** All that anybody can be told: what is and was there, what happened, what expires, and what a compaction leaves. */
function allOf(image: Image): Buffer {
  const where = join(directory, 'opened');
  rmSync(where, { recursive: true, force: true });
  mkdirSync(where);
  for (const [name, bytes] of image) writeFileSync(join(where, name), bytes);
  const db = openDatabase({ kubernestSqliteWorker: true, directory: where, maxBytes: undefined });
  const mark = new OpenMark(db, where);
  try {
    const [writer, reader, compactor] = [new Writer(db), new Reader(db), new Compactor(db, mark)];
    const { revision } = writer;
    const range = { start: '/', end: undefined, limit: 1000 };
    const how = { countOnly: false, keysOnly: false, uncounted: false };
    const list = () => reader.list({ kind: 'list', ...range, ...how }, revision);
    const pastReader = new PastReader(db);
    const present = list();
    const past = [];
    for (let at = compactor.compacted; at < revision; at++)
      past.push(pastReader.step({ kind: 'past', what: 'entries', ...range, revision: at }));
    const history = reader.history({ kind: 'history', prefix: '/', after: compactor.compacted }, revision);
    compactor.mark(revision);
    while (compactor.sweep());
    const left = list();
    const expired = [writer.nextExpiry(), writer.expire(clock.now().getTime() + 86_400_000)];
    return serialize({ revision, present, past, history, left, expired });
  } catch (error) {
    throw explain(error, where);
  } finally {
    closeDatabase(db, mark);
  }
}

/** Tells whether the flip was noticed. Fails when it was not and anything reads differently. */
function flipped(image: Image, { name, at, bit }: Flip, whole: Buffer): boolean {
  const bytes = Buffer.from(image.get(name)!);
  bytes[at] = bytes[at]! ^ (1 << bit);
  let told: Buffer;
  try {
    told = allOf(new Map([...image, [name, bytes]]));
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return true;
  }
  if (!told.equals(whole)) expect(deserialize(told)).toEqual(deserialize(whole));
  return false;
}

interface Flip {
  readonly name: string;
  readonly at: number;
  readonly bit: number;
}

const flips = (image: Image, ...names: readonly string[]): fc.Arbitrary<Flip> =>
  fc.constantFrom(...names).chain((name) =>
    fc.record({
      name: fc.constant(name),
      at: fc.nat(image.get(name)!.length - 1),
      bit: fc.integer({ min: 0, max: 7 }),
    }),
  );

const RUNS = Number(process.env['KUBERNEST_FLIPS'] ?? 60);

it('a store of the release before is taken over with all that it holds', () => {
  const where = join(directory, 'before');
  mkdirSync(where);
  writeFileSync(join(where, 'state.db'), stopped.get('state.db')!);
  const db = new DatabaseSync(join(where, 'state.db'));
  db.exec(`ALTER TABLE log DROP COLUMN checksum; ALTER TABLE log DROP COLUMN expires_at;
    ALTER TABLE compaction DROP COLUMN checksum; PRAGMA user_version = 1`);
  db.close();
  const before = imageOf(where);
  expect(deserialize(allOf(before))).toEqual(deserialize(allOf(stopped)));
  // Nothing that is damaged already gets a checksum.
  const bytes = before.get('state.db')!;
  for (let at = 4096; at < bytes.length; at += 4096) bytes[at + 6] = bytes[at + 6]! ^ 1;
  expect(() => allOf(before)).toThrow('state.db is damaged: restore a backup');
});

describe('one bit that flips, anywhere', () => {
  it('in a database that was closed is noticed, or changes nothing that is read', () => {
    const whole = allOf(stopped);
    let noticed = 0;
    fc.assert(
      fc.property(flips(stopped, 'state.db'), (flip) => {
        if (flipped(stopped, flip, whole)) noticed++;
      }),
      { numRuns: RUNS },
    );
    // What is not noticed lies in room that nothing uses.
    expect(noticed / RUNS).toBeGreaterThan(0.3);
  });

  it('in what a crash leaves is noticed, or changes nothing that is read', () => {
    const whole = allOf(crashed);
    fc.assert(
      fc.property(flips(crashed, ...crashed.keys()), (flip) => void flipped(crashed, flip, whole)),
      { numRuns: RUNS },
    );
  });
});
