import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { expect, it } from 'vitest';
import type { Transport } from './client.ts';
import { createClient } from './create-client.ts';
import { createInformerSet } from './informer/informer-set.ts';

const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(), log: silentLogger };
const ref = { group: 'wardle.example.com', version: 'v1', resource: 'flunders' };

/** A server of other people's, whose list is empty in this way. */
const serverWith = (items: null | undefined | []): Transport => ({
  call: async () => ({ status: 200, object: Object.freeze({ metadata: { resourceVersion: '7' }, items }) }) as never,
  watch: (_call, _onEvent, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', reject)),
});

it.each([[null], [undefined], [[] as []]])(
  'a list whose items are %j is an empty one, for whoever reads it',
  async (items) => {
    const client = createClient(serverWith(items));
    const empty = { metadata: { resourceVersion: '7' }, items: [] };
    expect(await client.resource(ref).list({}, ctx)).toEqual(empty);
    expect(await client.metadata(ref).list({}, ctx)).toEqual(empty);
    const informers = createInformerSet(client);
    const informer = informers.of(ref);
    const life = new AbortController();
    await informers.start({ ...ctx, signal: life.signal });
    await informer.whenSynced(ctx.signal);
    expect(informer.list()).toEqual([]);
    life.abort();
  },
);
