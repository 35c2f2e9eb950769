import { type ApiRequest, type AuditEvent, jsonResponse } from '@kubernest/apiserver/contract';
import type { Store } from '@kubernest/store/contract';
import { memoryStore } from '@kubernest/store/memory';
import { requestFor, storeWith, testServer } from '@kubernest/testkit/server';
import { describe, expect, test } from 'vitest';

const maps = '/api/v1/namespaces/default/configmaps';
const turn = () => new Promise((resolve) => setImmediate(resolve));
const LATE = 'Timeout: request did not complete within the allotted timeout';

/** A server with `/slow`, which answers when `gate` opens and tells whether it was called off. */
async function slow() {
  const gate = Promise.withResolvers<void>();
  const told: AuditEvent[] = [];
  let signal: AbortSignal | undefined;
  const api = await testServer({
    audit: (event) => told.push(event),
    documents: () => ({
      '/slow': async (_request, ctx) => {
        signal = ctx.signal;
        await gate.promise;
        return jsonResponse(200, {});
      },
    }),
  });
  return { api, told, gate, signal: () => signal! };
}

describe('a request that takes too long', () => {
  test.each([
    ['', 60_000],
    ['?timeout=3s', 3000],
    ['?timeout=1.5s', 1500],
    ['?timeout=59s', 59_000],
    ['?timeout=10m', 60_000],
    ['?timeout=0s', 60_000],
    ['?timeout=-5s', 60_000],
    ['?timeout=2562047h', 60_000],
    ['?timeout=3s&timeout=9s', 3000],
    ['?timeout=', 60_000],
  ])('with %j is answered with 504 after %d ms, not before, and its work called off', async (query, span) => {
    const { api: server, told, signal } = await slow();
    await using api = server;
    let answered = false;
    const answer = api.call(`GET /slow${query}`).finally(() => {
      answered = true;
    });
    await turn();
    await api.clock.advance(span - 1);
    expect([answered, signal().aborted]).toEqual([false, false]);
    await api.clock.advance(1);
    expect(await answer).toMatchObject({ status: 504, object: { kind: 'Status', reason: 'Timeout', message: LATE } });
    expect((await answer).object.details).toEqual({});
    expect(signal().aborted).toBe(true);
    expect(told).toMatchObject([{ code: 504, terminated: true }]);
  });

  test('is answered as usual when it is done in time, and nothing is called off after that', async () => {
    const { api: server, gate, signal, told } = await slow();
    await using api = server;
    const answer = api.call('GET /slow');
    await turn();
    gate.resolve();
    expect(await answer).toMatchObject({ status: 200 });
    await api.clock.advance(120_000);
    expect(signal().aborted).toBe(false);
    expect(told).toMatchObject([{ code: 200, terminated: false }]);
  });

  test('still counts as in flight until its work is over', async () => {
    const gate = Promise.withResolvers<void>();
    await using api = await testServer({
      limits: { readOnlyInFlight: 1 },
      documents: () => ({ '/stuck': () => gate.promise.then(() => jsonResponse(200, {})) }),
    });
    const answer = api.call('GET /stuck');
    await turn();
    await api.clock.advance(60_000);
    expect(await answer).toMatchObject({ status: 504 });
    expect(await api.call('GET /version')).toMatchObject({ status: 429 });
    gate.resolve();
    await turn();
    expect(await api.call('GET /version')).toMatchObject({ status: 200 });
  });

  test('because its body does not come is no exception', async () => {
    await using api = await testServer();
    const request: ApiRequest = { ...requestFor(`POST ${maps}`), body: () => new Promise(() => {}) };
    const answer = api.server.handle(request, api.ctx);
    await turn();
    await api.clock.advance(60_000);
    expect(await answer).toMatchObject({ status: 504 });
  });

  test('whose client goes away is called off as ever', async () => {
    const { api: server, signal } = await slow();
    await using api = server;
    const client = new AbortController();
    void api.server.handle(requestFor('GET /slow'), { ...api.ctx, signal: client.signal });
    await turn();
    client.abort(new Error('gone'));
    expect(signal().reason).toEqual(new Error('gone'));
  });
});

test.each([
  ['soon', 'time: invalid duration "soon"'],
  ['5', 'time: missing unit in duration "5"'],
  ['1y', 'time: unknown unit "y" in duration "1y"'],
  ['2562048h', 'time: invalid duration "2562048h"'],
  ['-', 'time: invalid duration "-"'],
  ['-soon', 'time: invalid duration "-soon"'],
])('?timeout=%s is refused with 400', async (text, why) => {
  await using api = await testServer();
  expect(await api.call(`GET ${maps}?timeout=${text}`)).toMatchObject({
    status: 400,
    object: { reason: 'BadRequest', message: `invalid timeout specified in the request URL - ${why}` },
  });
});

test('a watch goes by timeoutSeconds alone: no deadline ends it, and ?timeout= is not looked at', async () => {
  await using api = await testServer();
  const watch = await api.watch(`${maps}?watch=1&timeoutSeconds=300&timeout=nonsense`);
  let ended = false;
  void watch.ended.then(() => {
    ended = true;
  });
  await api.clock.advance(299_000);
  await api.call(`POST ${maps}`, { metadata: { name: 'late' } });
  expect(await watch.next(1)).toMatchObject([{ type: 'ADDED', object: { metadata: { name: 'late' } } }]);
  expect(ended).toBe(false);
  await api.clock.advance(1000);
  await watch.ended;
});

describe('a write whose deadline passes while the store is at it', () => {
  /** A store whose commits begin at once and are acknowledged when let go. */
  function slowStore(): { store: Store; gate: PromiseWithResolvers<void>; committing: () => number } {
    const store = memoryStore();
    const gate = Promise.withResolvers<void>();
    let committing = 0;
    const commit: Store['commit'] = async (transaction, ctx) => {
      committing++;
      const result = await store.commit(transaction, ctx);
      await gate.promise;
      return result;
    };
    return { store: storeWith(store, { commit }), gate, committing: () => committing };
  }

  test('is answered with 504, is made all the same, once, and everybody sees it', async () => {
    const { store, gate, committing } = slowStore();
    await using api = await testServer({ store });
    const watch = await api.watch(`${maps}?watch=1`);
    const answer = api.call(`POST ${maps}`, { metadata: { name: 'unsure' } });
    while (committing() === 0) await turn();
    await api.clock.advance(60_000);
    expect(await answer).toMatchObject({ status: 504, object: { message: LATE } });
    gate.resolve();
    expect(await watch.next(1)).toMatchObject([{ type: 'ADDED', object: { metadata: { name: 'unsure' } } }]);
    expect(await api.call(`GET ${maps}/unsure`)).toMatchObject({ status: 200 });
    expect(await api.call(`POST ${maps}`, { metadata: { name: 'unsure' } })).toMatchObject({ status: 409 });
    expect(committing()).toBe(2);
  });
});
