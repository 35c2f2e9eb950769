import type { WatchResponse } from '@kubernest/apiserver/contract';
import { turnsTaken } from '@kubernest/kit';
import { requestFor, type TestServer, testServer } from '@kubernest/testkit/server';
import { expect, test } from 'vitest';

const maps = '/api/v1/namespaces/default/configmaps';
const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';

interface TableEvent {
  readonly type: string;
  readonly object: { readonly columnDefinitions: readonly object[] | null; readonly rows: readonly unknown[] };
}

/** What a watch of tables gets, event by event. */
async function tablesOf(api: TestServer, query: string) {
  const request = requestFor(`GET ${maps}?watch=1&timeoutSeconds=1${query}`, undefined, { accept });
  const watch = (await api.server.handle(request, api.ctx)) as WatchResponse;
  const events: TableEvent[] = [];
  const writeBytes = (bytes: Uint8Array) => {
    for (const line of Buffer.from(bytes).toString().split('\n')) if (line !== '') events.push(JSON.parse(line));
    return true;
  };
  return { events, ended: watch.run({ writeBytes }, api.ctx) };
}

const create = (api: TestServer, name: string) => api.call(`POST ${maps}`, { metadata: { name } });

test.each([
  ['changes', '', ['ADDED', 'ADDED', 'ADDED', 'MODIFIED', 'DELETED']],
  [
    'a bookmark',
    '&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&labelSelector=no=one',
    ['BOOKMARK', 'BOOKMARK'],
  ],
])('a watch of tables tells its columns with the first event alone: %s', async (_, query, types) => {
  await using api = await testServer();
  await create(api, 'a');
  await create(api, 'b');
  const first = await tablesOf(api, query);
  await create(api, 'c');
  const second = await tablesOf(api, query);
  await api.call(`PUT ${maps}/c`, { metadata: { name: 'c' }, data: { a: '1' } });
  await api.call(`DELETE ${maps}/c`);
  await turnsTaken();
  await api.clock.advance(1_000);
  await Promise.all([first.ended, second.ended]);
  for (const { events } of [first, second]) {
    expect(events.map(({ type }) => type)).toEqual(types);
    expect(events.map(({ object }) => object.columnDefinitions?.length ?? null)).toEqual([
      3,
      ...types.slice(1).map(() => null),
    ]);
    for (const { object } of events) expect(object.rows).toHaveLength(1);
  }
});

test('two watchers that begin at different times share what comes after', async () => {
  await using api = await testServer();
  const { object } = await create(api, 'a');
  const from = `&resourceVersion=${object.metadata.resourceVersion}`;
  const watches = [await tablesOf(api, from)];
  await create(api, 'b');
  watches.push(await tablesOf(api, from));
  await create(api, 'c');
  await turnsTaken();
  await api.clock.advance(1_000);
  for (const { events, ended } of watches) {
    await ended;
    expect(events.map(({ object: { columnDefinitions } }) => columnDefinitions !== null)).toEqual([true, false]);
  }
});
