import { Catalog } from '@kubernest/apiserver/contract';
import { createEngine } from '@kubernest/apiserver/storage';
import { builtinKinds } from '@kubernest/kinds';
import { FakeClock, silentLogger } from '@kubernest/kit';
import { memoryStore } from '@kubernest/store/memory';
import { expect, test } from 'vitest';
import { reach } from './get.ts';

function asking() {
  const clock = new FakeClock();
  const engine = createEngine({ store: memoryStore({ clock }), catalog: new Catalog(builtinKinds) });
  const life = new AbortController();
  const ctx = { signal: life.signal, clock, log: silentLogger };
  const answers = [1_000, 2_000, 3_000].map((revision) =>
    Promise.resolve(reach(engine, String(revision), ctx)).catch((error: unknown) => (error as Error).message),
  );
  return { clock, life, answers, freshness: engine.cache.freshness };
}

test('whoever asked for a version of the future is forgotten when he is answered that it has not come', async () => {
  const { clock, answers, freshness } = asking();
  expect(freshness.waiting).toBe(3);
  await clock.advance(3_000);
  expect((await Promise.all(answers))[0]).toContain('Too large resource version: 1000, current: 0');
  expect(freshness.waiting).toBe(0);
});

test('and when he goes away', async () => {
  const { life, answers, freshness } = asking();
  life.abort(new Error('the client is gone'));
  expect(await Promise.all(answers)).toEqual(Array(3).fill('the client is gone'));
  expect(freshness.waiting).toBe(0);
});
