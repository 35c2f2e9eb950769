import { FakeClock, group, silentLogger } from '@kubernest/kit';
import type { Store } from '@kubernest/store/contract';
import { memoryStore } from '@kubernest/store/memory';
import { storeWith } from '@kubernest/testkit/server';
import { expect, it } from 'vitest';
import { compaction } from './compaction.ts';

const TICK = 5 * 60_000;

/** Compaction among others, over a store that is away when the spec says so. */
function world() {
  const clock = new FakeClock();
  const life = new AbortController();
  const ctx = { signal: life.signal, clock, log: silentLogger };
  const inner = memoryStore({ clock });
  const away = new Set<keyof Store>();
  const compacted: number[] = [];
  const present = (name: keyof Store): void => {
    if (away.has(name)) throw new Error('the store is away');
  };
  const store = storeWith(inner, {
    currentRevision: async (asked) => {
      present('currentRevision');
      return await inner.currentRevision(asked);
    },
    compact: async (revision, asked) => {
      present('compact');
      compacted.push(revision);
      await inner.compact(revision, asked);
    },
  });
  const write = async (name: string): Promise<number> => {
    const key = `/${name}`;
    const put = { op: 'put', key, value: Buffer.from(name) } as const;
    return (await inner.commit({ conditions: [{ key, revision: 0 }], writes: [put] }, ctx)).revision;
  };
  const start = async () => {
    let ended = false;
    const { done } = await group('server', [compaction(store)]).start(ctx);
    const over = done.finally(() => (ended = true));
    over.catch(() => {});
    return { over, hasEnded: () => ended };
  };
  return { clock, life, away, compacted, write, start };
}

it('forgets what was written before the last look, and nothing newer', async () => {
  const { clock, life, compacted, write, start } = world();
  const first = await write('a');
  const { over } = await start();
  await clock.advance(0);
  const second = await write('b');
  await clock.advance(TICK);
  expect(compacted).toEqual([first]);
  await write('c');
  await clock.advance(TICK);
  expect(compacted).toEqual([first, second]);
  life.abort();
  await over;
});

it.each(['currentRevision', 'compact'] as const)(
  'a store whose %s fails ends nothing, from the start on',
  async (name) => {
    const { clock, life, away, compacted, write, start } = world();
    away.add(name);
    const { over, hasEnded } = await start();
    for (const key of ['a', 'b', 'c']) {
      await write(key);
      await clock.advance(TICK);
    }
    expect([hasEnded(), compacted]).toEqual([false, []]);
    away.clear();
    await clock.advance(TICK);
    await write('d');
    await clock.advance(TICK);
    expect(hasEnded()).toBe(false);
    expect(compacted.length).toBeGreaterThan(0);
    life.abort();
    await over;
  },
);
