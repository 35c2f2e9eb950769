import { randomBytes } from 'node:crypto';
import { FakeClock, silentLogger } from '@kubernest/kit';
import { sealingKeyOf } from '@kubernest/pki';
import { memoryStore } from '@kubernest/store/memory';
import { beforeEach, describe, expect, it } from 'vitest';
import { MOST_OF_ONE_USER, StoredPasses } from './stored-passes.ts';

const evidence = (token: string) => ({ peer: { address: '' }, headers: { authorization: [`Bearer ${token}`] } });
const ann = { username: 'ann', evidence: evidence('of-ann') };
const bob = { username: 'bob', evidence: evidence('of-bob') };
const sealingKey = sealingKeyOf(randomBytes(32).toString('base64'));
const clock = new FakeClock();
const ctx = { signal: new AbortController().signal, clock, log: silentLogger };

const passesOf = (kind: string, key = sealingKey) => new StoredPasses({ store, sealingKey: key, kind, life: 10_000 });
let store: ReturnType<typeof memoryStore>;
let passes: StoredPasses;
beforeEach(() => {
  store = memoryStore({ clock });
  passes = passesOf('links');
});

describe('a stored pass', () => {
  it('leads to what proved its user on every server with the same store', async () => {
    const code = await passes.issue(ann, ctx);
    expect(await passesOf('links').fetch(code, ctx)).toEqual(ann.evidence);
    expect(await passesOf('sessions').fetch(code, ctx)).toBeUndefined();
  });

  it('is taken once, however many try at once', async () => {
    const code = await passes.issue(ann, ctx);
    const takers = Array.from({ length: 5 }, () => passesOf('links').take(code, ctx));
    expect((await Promise.all(takers)).filter((each) => each !== undefined)).toEqual([ann.evidence]);
    expect(await passes.fetch(code, ctx)).toBeUndefined();
  });

  it('ends with its time', async () => {
    const code = await passes.issue(ann, ctx);
    await clock.advance(9_900);
    expect(await passes.fetch(code, ctx)).toEqual(ann.evidence);
    await clock.advance(2_200);
    expect(await passes.fetch(code, ctx)).toBeUndefined();
    expect(await passes.take(code, ctx)).toBeUndefined();
  });

  it('makes room for the newest of the same user and harms nobody else', async () => {
    const first = await passes.issue(bob, ctx);
    const codes: string[] = [];
    for (let n = 0; n <= MOST_OF_ONE_USER; n++) codes.push(await passes.issue(ann, ctx));
    expect(await passes.fetch(codes[0]!, ctx)).toBeUndefined();
    for (const code of codes.slice(1)) expect(await passes.fetch(code, ctx)).toEqual(ann.evidence);
    expect(await passes.fetch(first, ctx)).toEqual(bob.evidence);
  });

  it('is not in the store in the clear, nor is what it leads to', async () => {
    const code = await passes.issue(ann, ctx);
    const { entries } = await store.list('', {}, ctx);
    expect(entries).toHaveLength(1);
    expect(entries[0]!.key).not.toContain(code);
    expect(Buffer.from(entries[0]!.value).toString()).not.toContain('of-ann');
  });

  it('of another sealing key leads nowhere', async () => {
    const code = await passes.issue(ann, ctx);
    const other = sealingKeyOf(randomBytes(32).toString('base64'));
    expect(await passesOf('links', other).fetch(code, ctx)).toBeUndefined();
  });

  it.each(['', '../../x', 'a/b/c/d/e/f', 'x'.repeat(5_000), 'ü\u0000'])(
    'that was made up (%j) leads nowhere',
    async (code) => {
      expect(await passes.fetch(code, ctx)).toBeUndefined();
      expect(await passes.take(code, ctx)).toBeUndefined();
    },
  );
});
