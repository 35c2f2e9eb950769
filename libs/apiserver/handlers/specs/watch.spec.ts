import { testServer } from '@kubernest/testkit/server';
import { expect, test } from 'vitest';

const url = '/api/v1/namespaces/default/configmaps';
const map = (name: string, labels?: Record<string, string>, data = { a: '1' }) => ({
  metadata: { name, ...(labels ? { labels } : {}) },
  data,
});
const merge = { 'content-type': 'application/merge-patch+json' };
const told = (events: readonly { type: string; object: { metadata: { name?: string } } }[]) =>
  events.map(({ type, object }) => `${type} ${object.metadata.name ?? '-'}`);

test('a watch from nothing begins with what is there, then tells each change once', async () => {
  await using api = await testServer();
  await api.call(`POST ${url}`, map('a'));
  const watch = await api.watch(`${url}?watch=1`);
  await api.call(`POST ${url}`, map('b'));
  await api.call(`PATCH ${url}/a`, { data: { a: '2' } }, merge);
  await api.call(`DELETE ${url}/b`);
  expect(told(await watch.next(4))).toEqual(['ADDED a', 'ADDED b', 'MODIFIED a', 'DELETED b']);
});

test('a watch from a version tells what came after it, and nothing twice', async () => {
  await using api = await testServer();
  const { object } = await api.call(`POST ${url}`, map('a'));
  await api.call(`POST ${url}`, map('b'));
  const watch = await api.watch(`${url}?watch=1&resourceVersion=${object.metadata.resourceVersion}`);
  await api.call(`POST ${url}`, map('c'));
  expect(told(await watch.next(2))).toEqual(['ADDED b', 'ADDED c']);
});

test('a deleted object is shown under the version of its removal', async () => {
  await using api = await testServer();
  const { object } = await api.call(`POST ${url}`, map('a'));
  const watch = await api.watch(`${url}?watch=1&resourceVersion=${object.metadata.resourceVersion}`);
  await api.call(`DELETE ${url}/a`);
  const [event] = (await watch.next(1)) as unknown as [{ object: { metadata: { resourceVersion: string } } }];
  expect(Number(event.object.metadata.resourceVersion)).toBeGreaterThan(Number(object.metadata.resourceVersion));
});

test('an object that enters or leaves the selection is ADDED or DELETED', async () => {
  await using api = await testServer();
  const watch = await api.watch(`${url}?watch=1&labelSelector=app%3Dweb`);
  await api.call(`POST ${url}`, map('a'));
  await api.call(`PATCH ${url}/a`, { metadata: { labels: { app: 'web' } } }, merge);
  await api.call(`PATCH ${url}/a`, { data: { a: '2' } }, merge);
  await api.call(`PATCH ${url}/a`, { metadata: { labels: null } }, merge);
  await api.call(`PATCH ${url}/a`, { data: { a: '3' } }, merge);
  const events = (await watch.next(3)) as unknown as {
    type: string;
    object: { metadata: { name: string; labels: object } };
  }[];
  expect(told(events)).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a']);
  expect(events[2]!.object.metadata.labels).toEqual({ app: 'web' });
});

test('watchers of other namespaces and other names hear nothing', async () => {
  await using api = await testServer();
  const others = await api.watch('/api/v1/namespaces/other/configmaps?watch=1');
  const named = await api.watch(`${url}?watch=1&fieldSelector=metadata.name%3Db`);
  await api.call(`POST ${url}`, map('a'));
  await api.call(`POST ${url}`, map('b'));
  await api.call('POST /api/v1/namespaces/other/configmaps', map('z'));
  expect(told(await named.next(1))).toEqual(['ADDED b']);
  expect(told(await others.next(1))).toEqual(['ADDED z']);
});

test('initial events end with a bookmark that says so', async () => {
  await using api = await testServer();
  await api.call(`POST ${url}`, map('a'));
  const watch = await api.watch(
    `${url}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
  );
  const [added, bookmark] = await watch.next(2);
  expect(added).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'a' } } });
  expect(bookmark).toMatchObject({
    type: 'BOOKMARK',
    object: { kind: 'ConfigMap', metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
  });
});

test.each([
  ['sendInitialEvents=true', 'requires setting resourceVersionMatch'],
  ['sendInitialEvents=true&resourceVersionMatch=Exact', 'Unsupported value: "Exact": supported values: "NotOlderThan"'],
  ['resourceVersionMatch=NotOlderThan', 'forbidden for watch unless sendInitialEvents'],
])('a watch with %s is refused', async (query, message) => {
  await using api = await testServer();
  const { object } = await api.call(`GET ${url}?watch=1&${query}`);
  expect(object).toMatchObject({ code: 422, message: expect.stringContaining(message) });
});

test('initial events without bookmarks end in silence', async () => {
  await using api = await testServer();
  await api.call(`POST ${url}`, map('a'));
  const watch = await api.watch(`${url}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan`);
  expect(told(await watch.next(1))).toEqual(['ADDED a']);
  await api.call(`POST ${url}`, map('b'));
  expect(told(await watch.next(1))).toEqual(['ADDED b']);
});

test('bookmarks tell now and then how far the watch has come', async () => {
  await using api = await testServer();
  const watch = await api.watch(`${url}?watch=1&allowWatchBookmarks=true&resourceVersion=0`);
  const { object } = await api.call('POST /api/v1/namespaces/other/configmaps', map('z'));
  await api.call(`GET ${url}`);
  await api.clock.advance(60_000);
  const [bookmark] = (await watch.next(1)) as unknown as [
    { type: string; object: { metadata: { resourceVersion: string } } },
  ];
  expect(bookmark.type).toBe('BOOKMARK');
  expect(Number(bookmark.object.metadata.resourceVersion)).toBeGreaterThanOrEqual(
    Number(object.metadata.resourceVersion),
  );
});

test.each([
  ['5', 5000],
  ['-3', 0],
])('a watch with timeoutSeconds=%s ends after %d ms, and not before', async (seconds, span) => {
  await using api = await testServer();
  const watch = await api.watch(`${url}?watch=1&timeoutSeconds=${seconds}`);
  let ended = false;
  const end = watch.ended.then(() => {
    ended = true;
  });
  if (span > 0) await api.clock.advance(span - 1);
  expect(ended).toBe(false);
  await api.clock.advance(span > 0 ? 1 : 0);
  await end;
});

test.each([
  ['timeoutSeconds', '', 'parsing "": invalid syntax'],
  ['timeoutSeconds', '5s', 'parsing "5s": invalid syntax'],
  ['timeoutSeconds', '1.5', 'parsing "1.5": invalid syntax'],
  ['timeoutSeconds', '9223372036854775808', 'parsing "9223372036854775808": value out of range'],
  ['limit', '', 'parsing "": invalid syntax'],
])('a list and a watch with %s=%j are refused', async (name, value, why) => {
  await using api = await testServer();
  for (const verb of ['', 'watch=1&'])
    expect(await api.call(`GET ${url}?${verb}${name}=${value}`)).toMatchObject({
      status: 400,
      object: { reason: 'BadRequest', message: `strconv.ParseInt: ${why}` },
    });
});

test('a limit below zero is none', async () => {
  await using api = await testServer();
  for (const name of ['a', 'b']) await api.call(`POST ${url}`, map(name));
  expect((await api.call(`GET ${url}?limit=-1`)).object.items).toHaveLength(2);
});

test('a version older than the history is answered by a 410 event', async () => {
  await using api = await testServer({ history: { events: 2 } });
  const { object } = await api.call(`POST ${url}`, map('a'));
  for (let i = 0; i < 8; i++) await api.call(`PATCH ${url}/a`, { data: { a: `x${i}` } }, merge);
  await api.call(`GET ${url}`);
  const asked = object.metadata.resourceVersion;
  const watch = await api.watch(`${url}?watch=1&resourceVersion=${asked}`);
  const [event] = await watch.next(1);
  expect(event).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } });
  await watch.ended;
  const { message } = event!.object as unknown as { message: string };
  const [, tooOld, oldest] = /^too old resource version: (\d+) \((\d+)\)$/.exec(message) ?? [];
  expect(tooOld).toBe(asked);
  const resumed = await api.watch(`${url}?watch=1&resourceVersion=${oldest}`);
  expect((await resumed.next(1))[0]).toMatchObject({ type: 'MODIFIED' });
});

test('changes of one turn reach a watcher in one write', async () => {
  await using api = await testServer();
  const watch = await api.watch(`${url}?watch=1`);
  await Promise.all([1, 2, 3, 4, 5].map((i) => api.call(`POST ${url}`, map(`m${i}`))));
  await watch.next(5);
  expect(watch.chunks.length).toBeLessThan(5);
});

test('a bookmark comes after the large change before it', async () => {
  await using api = await testServer();
  const watch = await api.watch(`${url}?watch=1&allowWatchBookmarks=true`);
  const data = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`part${i}`, 'x'.repeat(40_000)]));
  await api.call(`POST ${url}`, { metadata: { name: 'large' }, data });
  await api.clock.advance(60_000);
  expect(await watch.next(1)).toMatchObject([{ type: 'ADDED', object: { metadata: { name: 'large' } } }]);
});
