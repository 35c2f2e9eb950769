import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { StatusError } from '@kubernest/meta';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Transport } from './client.ts';
import { retryAfter } from './retry-after.ts';

const busy = (retryAfterSeconds?: number) =>
  new StatusError(429, 'TooManyRequests', 'too many', retryAfterSeconds === undefined ? {} : { retryAfterSeconds });

let clock: FakeClock;
let stop: AbortController;
let ctx: Context;
beforeEach(() => {
  clock = new FakeClock();
  stop = new AbortController();
  ctx = { signal: stop.signal, clock, log: silentLogger };
});

/** Refuses with these, one after the other, and is done with the next; `asked` holds when, in seconds. */
function refusing(...errors: readonly Error[]) {
  const began = +clock.now();
  const asked: number[] = [];
  const ask = async (): Promise<void> => {
    asked.push((+clock.now() - began) / 1000);
    const error = errors[asked.length - 1];
    if (error) throw error;
  };
  const transport: Transport = {
    call: () => ask().then(() => ({ status: 200, object: 'done' })),
    watch: ask,
  };
  return { transport: retryAfter(transport), asked };
}

/** What is due at its beginning and its end has happened. */
async function pass(time: number): Promise<void> {
  await new Promise(setImmediate);
  await clock.advance(time);
  await new Promise(setImmediate);
}

const call = { method: 'POST', path: '/x' } as const;
const ways = {
  call: ({ transport }: ReturnType<typeof refusing>) => transport.call(call, ctx),
  watch: ({ transport }: ReturnType<typeof refusing>) => transport.watch({ path: '/x' } as never, () => {}, ctx),
};

describe.each(['call', 'watch'] as const)('a %s', (way) => {
  test('that is sent away for a while is made again when it is over', async () => {
    const server = refusing(busy(1), busy(5));
    const done = ways[way](server);
    await pass(999);
    expect(server.asked).toEqual([0]);
    await pass(1);
    await pass(5_000);
    await done;
    expect(server.asked).toEqual([0, 1, 6]);
  });

  test('is made again ten times and no more', async () => {
    const server = refusing(...Array.from({ length: 20 }, () => busy(1)));
    const refused = expect(ways[way](server)).rejects.toMatchObject({ code: 429 });
    for (let second = 0; second < 20; second++) await pass(1_000);
    await refused;
    expect(server.asked).toHaveLength(11);
  });

  test.each([
    ['429 without a while', busy()],
    ['429 with none', busy(0)],
    ['another code with a while', new StatusError(503, 'ServiceUnavailable', 'down', { retryAfterSeconds: 1 })],
    ['a fault', new TypeError('broken')],
  ])('is not made again for %s', async (_what, error) => {
    const server = refusing(error);
    await expect(ways[way](server)).rejects.toBe(error);
    expect(server.asked).toEqual([0]);
  });

  test('that nobody waits for any more is not made again', async () => {
    const server = refusing(busy(1));
    const given = expect(ways[way](server)).rejects.toMatchObject({ name: 'AbortError' });
    await pass(500);
    stop.abort();
    await given;
    await pass(60_000);
    expect(server.asked).toEqual([0]);
  });
});
