import {
  type ApiServerParts,
  type AuditEvent,
  type BytesResponse,
  isLongRunning,
  jsonResponse,
} from '@kubernest/apiserver/contract';
import type { ApiCall } from '@kubernest/client';
import { Journal, requestFor, testServer } from '@kubernest/testkit/server';
import { describe, expect, test, vi } from 'vitest';
import { loopbackTransport } from '../loopback-transport.ts';

const controller = { username: 'system:serviceaccount:kube-system:job-controller', groups: ['system:serviceaccounts'] };

/** A server whose `/held` answers only once it is let go. */
async function held(limits: ApiServerParts['limits']) {
  const gate = Promise.withResolvers<void>();
  const told: AuditEvent[] = [];
  /** What was let in. */
  const begun = new Journal();
  const api = await testServer({
    limits,
    audit: (event) => told.push(event),
    authenticators: () => [
      { name: 'header', authenticate: ({ headers }) => ({ username: 'x', groups: [headers['x-group'] ?? 'people'] }) },
    ],
    documents: () => ({
      '/held': () => {
        begun.add('held');
        return gate.promise.then(() => jsonResponse(200, {}));
      },
    }),
  });
  /** Begins it without waiting for its end. */
  const hold = async (line: string, headers: Record<string, string> = {}) => {
    const answer = await api.server.handle(requestFor(line, undefined, headers), api.ctx);
    return 'status' in answer ? answer.status : 101;
  };
  return { api, told, begun, hold, gate };
}
type Held = Awaited<ReturnType<typeof held>>;

const holdMany = (server: Held, line: string, count: number, headers?: Record<string, string>) =>
  Array.from({ length: count }, () => server.hold(line, headers));
const apiCallOf = (line: string): ApiCall => {
  const [method, path] = line.split(' ');
  return { method, path } as ApiCall;
};

describe.each([
  ['reading', 'GET /held', 'POST /held', { readOnlyInFlight: 3 }],
  ['changing', 'POST /held', 'GET /held', { mutatingInFlight: 3 }],
])('beyond its limit of requests that are %s', (_what, line, other, limits) => {
  test('one more is sent away, in the words of Kubernetes, and let in again when one is over', async () => {
    const server = await held(limits);
    await using api = server.api;
    const first = holdMany(server, line, 3);
    await server.begun.next(3);
    const refused = await api.call(line);
    expect(refused).toMatchObject({ status: 429, text: 'Too many requests, please try again later.\n' });
    expect(refused.headers).toMatchObject({ 'retry-after': '1', 'content-type': 'text/plain; charset=utf-8' });
    expect(server.told.map(({ code, terminated }) => [code, terminated])).toEqual([[429, true]]);
    server.gate.resolve();
    expect(await Promise.all(first)).toEqual([200, 200, 200]);
    expect(await server.hold(line)).toBe(200);
    expect(server.told.filter(({ terminated }) => terminated)).toHaveLength(1);
  });

  test('requests of the other sort are none the worse', async () => {
    const server = await held(limits);
    await using _ = server.api;
    const first = holdMany(server, line, 3);
    const others = holdMany(server, other, 20);
    server.gate.resolve();
    expect(new Set(await Promise.all([...first, ...others]))).toEqual(new Set([200]));
  });

  test('members of system:masters are served, and take nobody a place', async () => {
    const server = await held(limits);
    await using _ = server.api;
    const first = holdMany(server, line, 3);
    await server.begun.next(3);
    const root = holdMany(server, line, 5, { 'x-group': 'system:masters' });
    await server.begun.next(5);
    expect(await server.hold(line)).toBe(429);
    server.gate.resolve();
    expect(new Set(await Promise.all([...first, ...root]))).toEqual(new Set([200]));
    expect(await server.hold(line)).toBe(200);
  });

  test('the control plane of this process has as many places of its own, and is told with a Status', async () => {
    const server = await held(limits);
    await using api = server.api;
    const call = apiCallOf(line);
    const within = loopbackTransport(api.server, controller, { controlPlane: true });
    const people = holdMany(server, line, 3);
    await server.begun.next(3);
    const loops = [1, 2, 3].map(() => within.call(call, api.ctx));
    await server.begun.next(3);
    await expect(within.call(call, api.ctx)).rejects.toMatchObject({
      code: 429,
      reason: 'TooManyRequests',
      details: { retryAfterSeconds: 1 },
    });
    server.gate.resolve();
    expect(await Promise.all(people)).toEqual([200, 200, 200]);
    expect(await Promise.all(loops)).toMatchObject([{ status: 200 }, { status: 200 }, { status: 200 }]);
  });

  test('who is only passed on by this process takes the places of those outside, whatever they are called', async () => {
    const server = await held(limits);
    await using api = server.api;
    const call = apiCallOf(line);
    const dashboard = loopbackTransport(api.server, controller);
    const pages = [1, 2, 3].map(() => dashboard.call(call, api.ctx));
    await server.begun.next(3);
    await expect(dashboard.call(call, api.ctx)).rejects.toMatchObject({ code: 429 });
    expect(await server.hold(line)).toBe(429);
    const loop = loopbackTransport(api.server, controller, { controlPlane: true }).call(call, api.ctx);
    server.gate.resolve();
    expect(await Promise.all([...pages, loop])).toHaveLength(4);
  });
});

test('whoever is not known or may not is refused as ever, and holds no place', async () => {
  await using api = await testServer({ limits: { readOnlyInFlight: 1 } });
  for (let n = 0; n < 5; n++) {
    expect(await api.call('GET /api/v1/pods', undefined, { 'x-user': 'eve' })).toMatchObject({ status: 403 });
    expect(await api.call('GET /api/v1/nothings')).toMatchObject({ status: 404 });
  }
  expect(await api.call('GET /api/v1/pods')).toMatchObject({ status: 200 });
});

describe('an answer that its reader has not taken', () => {
  /** One who takes an answer when told to. */
  function reader() {
    const over = Promise.withResolvers<void>();
    const breakOff = vi.fn(() => over.resolve());
    let told: Promise<void> | undefined;
    const onOver = (done: () => void) => {
      told = over.promise.then(done);
    };
    /** Returns when it has been said that it is over. */
    const take = () => {
      over.resolve();
      return told;
    };
    return { taker: { onOver, breakOff }, breakOff, take };
  }
  type Reader = ReturnType<typeof reader>;

  async function answered(count: number) {
    const api = await testServer({ limits: { readOnlyInFlight: count } });
    const get = async (taker?: Reader['taker']) => {
      const answer = await api.server.handle({ ...requestFor('GET /openapi/v2'), ...(taker && { taker }) }, api.ctx);
      return (answer as BytesResponse).status;
    };
    const readers = Array.from({ length: count }, reader);
    for (const { taker } of readers) expect(await get(taker)).toBe(200);
    return { api, get, readers };
  }

  test('keeps its place until it has', async () => {
    const { api: server, get, readers } = await answered(3);
    await using _ = server;
    expect(await get()).toBe(429);
    await readers[1]!.take();
    expect([await get(), await get()]).toEqual([200, 200]);
    for (const { breakOff } of readers) expect(breakOff).not.toHaveBeenCalled();
  });

  test('gives way, the eldest first, once it has been on its way for long and no place is left', async () => {
    const { api: server, get, readers } = await answered(3);
    await using api = server;
    await api.clock.advance(4999);
    expect(await get()).toBe(429);
    await api.clock.advance(1);
    const late = [reader(), reader()];
    expect([await get(late[0]!.taker), await get(late[1]!.taker)]).toEqual([200, 200]);
    expect(readers.map(({ breakOff }) => breakOff.mock.calls.length)).toEqual([1, 1, 0]);
    await readers[2]!.take();
    expect(await get()).toBe(200);
    expect(late.map(({ breakOff }) => breakOff.mock.calls.length)).toEqual([0, 0]);
  });

  test('breaks off at the deadline of its request, and what was taken in time does not', async () => {
    const { api: server, get, readers } = await answered(2);
    await using api = server;
    readers[0]!.take();
    await api.clock.advance(59_999);
    expect(readers[1]!.breakOff).not.toHaveBeenCalled();
    await api.clock.advance(1);
    expect(readers.map(({ breakOff }) => breakOff.mock.calls.length)).toEqual([0, 1]);
    expect([await get(), await get()]).toEqual([200, 200]);
  });
});

test('no limit is none', async () => {
  const server = await held({ readOnlyInFlight: 0 });
  await using _ = server.api;
  const many = holdMany(server, 'GET /held', 1000);
  server.gate.resolve();
  expect(new Set(await Promise.all(many))).toEqual(new Set([200]));
});

test('what was at work at most in the last second is known, and forgotten after', async () => {
  const server = await held({});
  await using api = server.api;
  const now = () => api.server.core.inFlight(api.clock.now());
  const many = [...holdMany(server, 'GET /held', 7), ...holdMany(server, 'POST /held', 2)];
  server.gate.resolve();
  await Promise.all(many);
  expect(now()).toEqual({ readOnly: 7, mutating: 2 });
  await api.clock.advance(2000);
  expect(now()).toEqual({ readOnly: 0, mutating: 0 });
});

test('watches are in no limit', async () => {
  await using api = await testServer({ limits: { readOnlyInFlight: 1 } });
  const watches = await Promise.all(Array.from({ length: 5 }, () => api.watch('/api/v1/pods?watch=1')));
  expect(await api.call('GET /api/v1/pods')).toMatchObject({ status: 200 });
  for (const watch of watches) watch.stop();
});

test.each([
  [{ verb: 'watch' }, true],
  [{ verb: 'get', subresource: 'log' }, true],
  [{ verb: 'create', subresource: 'exec' }, true],
  [{ verb: 'create', subresource: 'attach' }, true],
  [{ verb: 'create', subresource: 'portforward' }, true],
  [{ verb: 'delete', subresource: 'proxy' }, true],
  [{ verb: 'get', subresource: 'status' }, false],
  [{ verb: 'list' }, false],
  [{ verb: 'get', isResource: false, path: '/metrics' }, false],
])('%j is meant to last: %s', (info, lasts) => {
  const usual = { isResource: true, path: '', group: '', version: 'v1', namespace: 'a', resource: 'pods', name: 'b' };
  expect(isLongRunning({ ...usual, subresource: '', rest: [], ...info })).toBe(lasts);
});
