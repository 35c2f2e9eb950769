import { type ApiCall, createClient, type Transport } from '@kubernest/client';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { alreadyExists, notFound, unavailable } from '@kubernest/meta';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ServiceAccountTokens } from './service-account-tokens.ts';

const HOUR = 3_600_000;
let stop: AbortController;
let ctx: Context & { readonly clock: FakeClock };
beforeEach(() => {
  stop = new AbortController();
  ctx = { signal: stop.signal, clock: new FakeClock(), log: silentLogger };
});
afterEach(() => stop.abort());

/** An API that knows these accounts, and issues `name-1`, `name-2`, … for an hour each. */
function apiWith(accounts: readonly string[]) {
  const known = new Set(accounts);
  const issued = new Map<string, number>();
  const state = { isAway: false, asked: 0 };
  const call = async ({ method, path, body }: ApiCall) => {
    const [, name = '', sub] = /serviceaccounts(?:\/([^/?]+))?(?:\/(token))?/.exec(path) ?? [];
    if (method === 'POST' && !sub) {
      const { metadata } = body as { readonly metadata: { readonly name: string } };
      if (known.has(metadata.name)) throw alreadyExists({ group: '', resource: 'serviceaccounts' });
      known.add(metadata.name);
      return { status: 201, object: body };
    }
    state.asked++;
    if (state.isAway) throw unavailable('the server is away');
    if (!known.has(name)) throw notFound({ group: '', resource: 'serviceaccounts', name });
    const count = (issued.get(name) ?? 0) + 1;
    issued.set(name, count);
    const expirationTimestamp = new Date(ctx.clock.now().getTime() + HOUR).toISOString();
    return { status: 201, object: { status: { token: `${name}-${count}`, expirationTimestamp } } };
  };
  const transport = { call, watch: () => Promise.reject(new Error('nothing is watched')) } as unknown as Transport;
  return { tokens: new ServiceAccountTokens(createClient(transport)), state, known };
}

it('holds a token for each, of accounts that it makes where there are none', async () => {
  const { tokens, known } = apiWith(['node-controller']);
  await tokens.hold(['node-controller', 'job-controller', 'node-controller'], ctx);
  expect([tokens.of('node-controller'), tokens.of('job-controller')]).toEqual([
    'node-controller-1',
    'job-controller-1',
  ]);
  expect([...known]).toEqual(['node-controller', 'job-controller']);
});

it('renews each long before it ends, and tries again where that fails', async () => {
  const { tokens, state } = apiWith(['a']);
  await tokens.hold(['a'], ctx);
  await ctx.clock.advance(0.79 * HOUR);
  expect(tokens.of('a')).toBe('a-1');
  state.isAway = true;
  await ctx.clock.advance(0.05 * HOUR);
  expect(tokens.of('a')).toBe('a-1');
  expect(state.asked).toBeGreaterThan(3);
  state.isAway = false;
  await ctx.clock.advance(10_000);
  expect(tokens.of('a')).toBe('a-2');
});

it('ends with its context', async () => {
  const { tokens, state } = apiWith(['a']);
  await tokens.hold(['a'], ctx);
  stop.abort();
  await ctx.clock.advance(2 * HOUR);
  expect(state.asked).toBe(1);
});
