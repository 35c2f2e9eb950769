import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEtcdStore } from '@kubernest/store/etcd';
import { openSqliteStore } from '@kubernest/store/sqlite';
import { describe, expect, it } from 'vitest';
import { ctx } from '../../libs/store/contract/src/suite/fixture.ts';
import { TestEtcd } from './support/etcd.ts';
import { faultsIn, type History, type SeenEvent } from './support/history.ts';
import { historiesOf } from './support/seen.ts';
import { WriterProcess } from './support/writer-process.ts';

const acknowledged = ({ attempts }: History) => attempts.filter((each) => typeof each.acknowledged === 'number').length;

describe('the judge of histories', () => {
  const good: History = {
    attempts: [
      { key: '/a', value: 'one', expected: 0, acknowledged: 2 },
      { key: '/a', value: 'two', expected: 2, acknowledged: 3 },
      { key: '/a', value: 'three', expected: 2, acknowledged: 'refused' },
      { key: '/b', value: 'four', expected: 0, acknowledged: undefined },
      { key: '/a', value: null, expected: 3, acknowledged: 5 },
    ],
    events: [
      { key: '/a', value: 'one', revision: 2 },
      { key: '/a', value: 'two', revision: 3 },
      { key: '/b', value: 'four', revision: 4 },
      { key: '/a', value: null, revision: 5 },
    ],
    final: new Map([['/b', { value: 'four', revision: 4 }]]),
  };
  const [one, two, four, gone] = good.events as [SeenEvent, SeenEvent, SeenEvent, SeenEvent];

  it('finds no fault in a good one', () => {
    expect(faultsIn(good)).toEqual([]);
  });

  it.each<[string, Partial<History>, RegExp]>([
    ['a lost event', { events: [one, four, gone] }, /acknowledged write \/a@3 was lost/],
    ['a doubled event', { events: [one, two, two, four, gone] }, /event \/a@3 came twice/],
    ['reordered events', { events: [two, one, four, gone] }, /event \/a@2 came after revision 3/],
    ['a write that happened twice', { events: [one, two, { ...two, revision: 6 }, four, gone] }, /two happened twice/],
    ['a refused write', { events: [one, { ...two, value: 'three' }, four, gone] }, /refused write three shows up/],
    ['a write nobody made', { events: [one, two, four, { ...four, value: 'x', revision: 6 }, gone] }, /nobody wrote x/],
    ['a lost update', { events: [one, { ...four, key: '/a', value: 'four' }, two, gone] }, /compared with 2/],
    ['a list that disagrees', { final: new Map() }, /\/b is undefined but its events end in four@4/],
  ])('finds %s', (_, change, fault) => {
    expect(faultsIn({ ...good, ...change }).join('\n')).toMatch(fault);
  });
});

it('sqlite loses, doubles and reorders nothing across SIGKILLs of its process', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kubernest-history-'));
  const writer = new WriterProcess('w', ['sqlite', directory, '']);
  for (const writes of [150, 400, 37, 900, 250]) await writer.live(writes);
  const store = await openSqliteStore({ directory });
  const [history] = await historiesOf([writer], store);
  await store.close();
  await rm(directory, { recursive: true });
  expect(faultsIn(history!)).toEqual([]);
  expect(acknowledged(history!)).toBeGreaterThanOrEqual(1700);
}, 60_000);

it('two processes on one etcd see one history, also across a SIGKILL of either', async () => {
  const etcd = await TestEtcd.start();
  try {
    const store = await openEtcdStore({ endpoints: [etcd.endpoint], prefix: '/shared' });
    const start = await store.currentRevision(ctx);
    const writers = ['a', 'b'].map((name) => new WriterProcess(name, ['etcd', etcd.endpoint, '/shared']));
    for (const writer of writers) writer.seen = start;
    const [a, b] = writers as [WriterProcess, WriterProcess];
    const lives = async (writer: WriterProcess, counts: number[]) => {
      for (const writes of counts) await writer.live(writes);
    };
    await Promise.all([lives(a, [200, 150, 200]), lives(b, [330, 120, 80])]);
    for (const history of await historiesOf(writers, store)) {
      expect(faultsIn(history)).toEqual([]);
      expect(acknowledged(history)).toBeGreaterThanOrEqual(1000);
    }
    await store.close();
  } finally {
    await etcd.dispose();
  }
}, 60_000);
