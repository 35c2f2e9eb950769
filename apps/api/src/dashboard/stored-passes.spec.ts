import { FakeClock, silentLogger } from '@kubernest/kit';
import { memoryStore } from '@kubernest/store/memory';
import { beforeEach, describe, expect, it } from 'vitest';
import { MOST_OF_ONE_USER, StoredPasses } from './stored-passes.ts';

const ann = { username: 'ann', groups: ['team'] };
const bob = { username: 'bob', groups: [] };
const clock = new FakeClock();
const ctx = { signal: new AbortController().signal, clock, log: silentLogger };

let store: ReturnType<typeof memoryStore>;
let passes: StoredPasses;
beforeEach(() => {
  store = memoryStore({ clock });
  passes = new StoredPasses(store, 'links', 10_000);
});

describe('a stored pass', () => {
  it('stands for its user on every server with the same store', async () => {
    const code = await passes.issue(ann, ctx);
    expect(await new StoredPasses(store, 'links', 10_000).fetchUser(code, ctx)).toEqual(ann);
    expect(await new StoredPasses(store, 'sessions', 10_000).fetchUser(code, ctx)).toBeUndefined();
  });

  it('is taken once, however many try at once', async () => {
    const code = await passes.issue(ann, ctx);
    const takers = Array.from({ length: 5 }, () => new StoredPasses(store, 'links', 10_000).take(code, ctx));
    expect((await Promise.all(takers)).filter((user) => user !== undefined)).toEqual([ann]);
    expect(await passes.fetchUser(code, ctx)).toBeUndefined();
  });

  it('ends with its time', async () => {
    const code = await passes.issue(ann, ctx);
    await clock.advance(9_900);
    expect(await passes.fetchUser(code, ctx)).toEqual(ann);
    await clock.advance(2_200);
    expect(await passes.fetchUser(code, ctx)).toBeUndefined();
    expect(await passes.take(code, ctx)).toBeUndefined();
  });

  it('makes room for the newest of the same user and harms nobody else', async () => {
    const first = await passes.issue(bob, ctx);
    const codes: string[] = [];
    for (let n = 0; n <= MOST_OF_ONE_USER; n++) codes.push(await passes.issue(ann, ctx));
    expect(await passes.fetchUser(codes[0]!, ctx)).toBeUndefined();
    for (const code of codes.slice(1)) expect(await passes.fetchUser(code, ctx)).toEqual(ann);
    expect(await passes.fetchUser(first, ctx)).toEqual(bob);
  });

  it('is not in the store in the clear', async () => {
    const code = await passes.issue(ann, ctx);
    const { entries } = await store.list('', {}, ctx);
    expect(entries).toHaveLength(1);
    expect(entries[0]!.key).not.toContain(code);
  });

  it.each(['', '../../x', 'a/b/c/d/e/f', 'x'.repeat(5_000), 'ü\u0000'])(
    'that was made up (%j) stands for nobody',
    async (code) => {
      expect(await passes.fetchUser(code, ctx)).toBeUndefined();
      expect(await passes.take(code, ctx)).toBeUndefined();
    },
  );
});
