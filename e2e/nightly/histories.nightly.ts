import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEtcdStore } from '@kubernest/store/etcd';
import { openSqliteStore } from '@kubernest/store/sqlite';
import { expect, it } from 'vitest';
import { ctx } from '../../libs/store/contract/src/suite/fixture.ts';
import { TestEtcd } from '../store/support/etcd.ts';
import { faultsIn } from '../store/support/history.ts';
import { historiesOf } from '../store/support/seen.ts';
import { WriterProcess } from '../store/support/writer-process.ts';

const LIVES = 40;
const writes = (life: number): number => 20 + ((life * 97) % 600);

it(`sqlite loses, doubles and reorders nothing across ${LIVES} SIGKILLs`, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kubernest-histories-'));
  const writer = new WriterProcess('w', ['sqlite', directory, '']);
  for (let life = 0; life < LIVES; life++) await writer.live(writes(life));
  const store = await openSqliteStore({ directory });
  const [history] = await historiesOf([writer], store);
  await store.close();
  await rm(directory, { recursive: true });
  expect(faultsIn(history!)).toEqual([]);
  console.log(
    `sqlite: ${LIVES} SIGKILLs, ${history!.attempts.length} attempts, ${history!.events.length} events, no fault`,
  );
});

it(`two processes on one etcd see one history across ${LIVES} SIGKILLs`, async () => {
  const etcd = await TestEtcd.start();
  try {
    const store = await openEtcdStore({ endpoints: [etcd.endpoint], prefix: '/shared' });
    const start = await store.currentRevision(ctx);
    const writers = ['a', 'b'].map((name) => new WriterProcess(name, ['etcd', etcd.endpoint, '/shared']));
    for (const writer of writers) writer.seen = start;
    const lives = async (writer: WriterProcess, first: number): Promise<void> => {
      for (let life = first; life < LIVES; life += 2) await writer.live(writes(life));
    };
    await Promise.all(writers.map(lives));
    const histories = await historiesOf(writers, store);
    await store.close();
    for (const history of histories) expect(faultsIn(history)).toEqual([]);
    console.log(`etcd: ${LIVES} SIGKILLs, ${histories[0]!.attempts.length} attempts, no fault`);
  } finally {
    await etcd.dispose();
  }
});
