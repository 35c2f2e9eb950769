import { gadget, partial, pathIn, v1, v2, v3 } from '@kubernest/apiserver/storage/testing';
import { turnsTaken } from '@kubernest/kit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type GadgetServer, gadgetServer } from './gadget-server.fixture.ts';

let api: GadgetServer;
beforeEach(async () => {
  api = await gadgetServer();
});
afterEach(async () => {
  api.converter.release();
  await api[Symbol.asyncDispose]();
});

const maps = '/api/v1/namespaces/one/configmaps';
const change = (size: number) => api.call(`PUT ${pathIn(v1)}/a`, gadget(v1, 'a', size));
const bookmarks = '&allowWatchBookmarks=true';

it('delays its own watches and lists alone, and they are told all in order', async () => {
  await api.create(v1, 'a', 3);
  const slow = await api.watch(`${pathIn(v3)}?watch=1`);
  await slow.next(1);
  const others = await Promise.all([
    api.watch(`${pathIn(v1)}?watch=1`),
    api.watch(`${pathIn(v2)}?watch=1`),
    api.watch(`${pathIn(v3)}?watch=1`, partial()),
  ]);
  for (const watch of others) await watch.next(1);
  const otherKind = await api.watch(`${maps}?watch=1`);
  api.converter.hold();
  const { called } = api.converter;
  await change(4);
  await called;
  for (const size of [5, 6]) await change(size);
  const list = api.call(`GET ${pathIn(v3)}?resourceVersion=0`);
  await api.call(`POST ${maps}`, { metadata: { name: 'm' } });
  expect(await otherKind.next(1)).toMatchObject([{ type: 'ADDED' }]);
  for (const watch of others) expect((await watch.next(3)).map(({ type }) => type)).toEqual(Array(3).fill('MODIFIED'));
  for (const version of [v1, v2]) expect((await api.call(`GET ${pathIn(version)}/a`)).status).toBe(200);
  expect(slow.chunks).toHaveLength(1);
  api.converter.release();
  expect(await slow.next(3)).toMatchObject(
    [4, 5, 6].map((size) => ({ type: 'MODIFIED', object: gadget(v3, 'a', size) })),
  );
  expect((await list).object.items).toMatchObject([{ spec: { millimetres: 60 } }]);
});

it('that is faster the second time changes no order', async () => {
  const watch = await api.watch(`${pathIn(v3)}?watch=1`);
  api.converter.hold(1);
  const { called } = api.converter;
  await api.create(v1, 'a', 3);
  await called;
  for (const size of [4, 5]) {
    await change(size);
    await turnsTaken();
  }
  expect(watch.chunks).toEqual([]);
  api.converter.release();
  expect(await watch.next(3)).toMatchObject([3, 4, 5].map((size) => ({ object: gadget(v3, 'a', size) })));
});

it('need not convert anew what is deleted', async () => {
  const watch = await api.watch(`${pathIn(v3)}?watch=1`);
  await api.create(v1, 'a', 3);
  await watch.next(1);
  await turnsTaken();
  api.converter.calls = [];
  await api.call(`DELETE ${pathIn(v1)}/a`);
  expect(await watch.next(1)).toMatchObject([{ type: 'DELETED', object: gadget(v3, 'a', 3) }]);
  expect(api.converter.calls).toEqual([]);
});

it('is given what came meanwhile together', async () => {
  const watch = await api.watch(`${pathIn(v3)}?watch=1`);
  api.converter.hold();
  const { called } = api.converter;
  await api.create(v1, 'a', 3);
  await called;
  for (const name of ['b', 'c', 'd']) await api.create(v1, name, 3);
  await turnsTaken();
  api.converter.release();
  await watch.next(4);
  expect(api.converter.calls).toEqual([`1 to ${v3}`, `3 to ${v3}`]);
});

it('says nothing of how far its watches have come before they have', async () => {
  const slow = await api.watch(`${pathIn(v3)}?watch=1${bookmarks}`);
  const brief = await api.watch(`${pathIn(v3)}?watch=1${bookmarks}&timeoutSeconds=50`);
  const other = await api.watch(`${maps}?watch=1${bookmarks}`);
  await turnsTaken();
  await api.clock.advance(40_000);
  api.converter.hold();
  const { called } = api.converter;
  await api.create(v1, 'a', 3);
  await called;
  await api.clock.advance(20_000);
  expect(await other.next(1)).toMatchObject([{ type: 'BOOKMARK' }]);
  await brief.ended;
  expect([slow, brief].map(({ chunks }) => chunks)).toEqual([[], []]);
  api.converter.release();
  const [added] = (await slow.next(1)) as unknown as { object: { metadata: { resourceVersion: string } } }[];
  await turnsTaken();
  await api.clock.advance(60_000);
  const { resourceVersion } = added!.object.metadata;
  expect(await slow.next(1)).toMatchObject([{ type: 'BOOKMARK', object: { metadata: { resourceVersion } } }]);
});

it('that does not answer within 30 s ends its watches with an error, and nobody else notices', async () => {
  await api.create(v1, 'a', 3);
  const slow = await api.watch(`${pathIn(v3)}?watch=1`);
  const other = await api.watch(`${pathIn(v2)}?watch=1`);
  await Promise.all([slow.next(1), other.next(1)]);
  api.converter.hold();
  const { called } = api.converter;
  await change(4);
  await called;
  await api.clock.advance(30_000);
  const late = `the conversion of gadgets.example.test to ${v3} did not answer within 30 s`;
  const status = { kind: 'Status', status: 'Failure', reason: 'InternalError', code: 500, message: late };
  expect(await slow.next(1)).toMatchObject([{ type: 'ERROR', object: status }]);
  await slow.ended;
  await change(5);
  expect(await other.next(2)).toMatchObject([{ object: gadget(v2, 'a', 4) }, { object: gadget(v2, 'a', 5) }]);
  const { called: again } = api.converter;
  const list = api.call(`GET ${pathIn(v3)}?resourceVersion=0`);
  await again;
  await api.clock.advance(30_000);
  expect([(await list).status, (await list).object.message]).toEqual([500, late]);
});

it.each([v2, v3])(
  'that fails to %s ends its watches in its words, also those that begin; once it is well again others go on',
  async (version) => {
    await api.create(v1, 'a', 3);
    const other = await api.watch(`${pathIn(v1)}?watch=1`);
    const early = await api.watch(`${pathIn(version)}?watch=1`);
    await Promise.all([early.next(1), other.next(1)]);
    api.converter.failWith('conversion webhook for example.test/v1, Kind=Gadget failed: refused');
    const words = {
      reason: 'InternalError',
      message: 'conversion webhook for example.test/v1, Kind=Gadget failed: refused',
    };
    await change(4);
    expect(await early.next(1)).toMatchObject([{ type: 'ERROR', object: words }]);
    const late = await api.watch(`${pathIn(version)}?watch=1`);
    expect(await late.next(1)).toMatchObject([{ type: 'ERROR', object: words }]);
    await Promise.all([early.ended, late.ended]);
    expect(await other.next(1)).toMatchObject([{ type: 'MODIFIED' }]);
    api.converter.failWith(undefined);
    const well = await api.watch(`${pathIn(version)}?watch=1`);
    expect(await well.next(1)).toMatchObject([{ type: 'ADDED', object: gadget(version, 'a', 4) }]);
  },
);

it.each([
  ['a list', () => api.call(`GET ${pathIn(v3)}?resourceVersion=0&timeout=1s`)],
  ['a write', () => api.call(`PUT ${pathIn(v3)}/a?timeout=1s`, gadget(v3, 'a', 4))],
])('hears when nobody waits for it any more: %s', async (_, ask) => {
  await api.create(v1, 'a', 3);
  api.converter.hold();
  const { called } = api.converter;
  const answer = ask();
  await called;
  const signal = api.converter.signals.at(-1);
  expect(signal?.aborted).toBe(false);
  await api.clock.advance(1000);
  expect((await answer).status).toBe(504);
  expect(signal?.aborted).toBe(true);
});

it('goes on for who still waits for it', async () => {
  await api.create(v1, 'a', 3);
  api.converter.hold();
  const { called } = api.converter;
  const early = api.call(`GET ${pathIn(v3)}?resourceVersion=0&timeout=1s`);
  await called;
  const patient = api.call(`GET ${pathIn(v3)}?resourceVersion=0`);
  await turnsTaken();
  await api.clock.advance(1000);
  expect((await early).status).toBe(504);
  expect(api.converter.signals.at(-1)?.aborted).toBe(false);
  api.converter.release();
  expect((await patient).object.items).toMatchObject([{ spec: { millimetres: 30 } }]);
});

it('a watch whose time is up before it has begun ends', async () => {
  await api.create(v1, 'a', 3);
  api.converter.hold();
  const { called } = api.converter;
  const watch = await api.watch(
    `${pathIn(v3)}?watch=1&timeoutSeconds=10&sendInitialEvents=true&resourceVersionMatch=NotOlderThan${bookmarks}`,
  );
  await called;
  await api.clock.advance(10_000);
  await watch.ended;
  api.converter.release();
  await turnsTaken();
  expect(watch.chunks).toEqual([]);
});

it('who begins to watch meanwhile is told of everything once', async () => {
  const early = await api.watch(`${pathIn(v3)}?watch=1`);
  api.converter.hold();
  const { called } = api.converter;
  await api.create(v1, 'a', 3);
  await called;
  const { metadata } = (await api.call(`GET ${pathIn(v1)}?resourceVersion=0`)).object;
  const from = `resourceVersion=${metadata.resourceVersion}`;
  const late = await api.watch(`${pathIn(v3)}?watch=1&${from}`);
  const selecting = await api.watch(`${pathIn(v3)}?watch=1&${from}&fieldSelector=spec.millimetres%3D40`);
  await turnsTaken();
  await change(4);
  api.converter.release();
  expect((await early.next(2)).map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED']);
  expect(await late.next(1)).toMatchObject([{ type: 'MODIFIED', object: gadget(v3, 'a', 4) }]);
  expect(await selecting.next(1)).toMatchObject([{ type: 'ADDED', object: gadget(v3, 'a', 4) }]);
});

it('is not asked for what nobody selects, and who begins to select meanwhile is shown none of it', async () => {
  const labelled = await api.watch(`${pathIn(v3)}?watch=1&labelSelector=app`);
  api.converter.hold();
  const { called } = api.converter;
  await Promise.all([api.create(v1, 'a', 3, { app: 'web' }), api.create(v1, 'b', 4)]);
  await called;
  const { metadata } = (await api.call(`GET ${pathIn(v1)}?resourceVersion=0`)).object;
  const from = `resourceVersion=${metadata.resourceVersion}`;
  const selecting = await api.watch(`${pathIn(v3)}?watch=1&${from}&fieldSelector=spec.millimetres%3D40`);
  await turnsTaken();
  expect(api.converter.calls).toEqual([`1 to ${v3}`]);
  api.converter.release();
  expect(await labelled.next(1)).toMatchObject([{ type: 'ADDED', object: gadget(v3, 'a', 3) }]);
  await change(4);
  expect(await selecting.next(1)).toMatchObject([{ type: 'ADDED', object: gadget(v3, 'a', 4) }]);
});

it('watches of a kind that goes end after what happened before', async () => {
  const watch = await api.watch(`${pathIn(v3)}?watch=1`);
  api.converter.hold();
  const { called } = api.converter;
  await api.create(v1, 'a', 3);
  await called;
  api.storeIn(v2);
  await turnsTaken();
  expect(watch.chunks).toEqual([]);
  api.converter.release();
  expect(await watch.next(1)).toMatchObject([{ type: 'ADDED', object: gadget(v3, 'a', 3) }]);
  await watch.ended;
});
