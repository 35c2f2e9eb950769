import { Catalog, type WatchResponse } from '@kubernest/apiserver/contract';
import { Converter, gadget, gadgetsIn, pathIn, v1 } from '@kubernest/apiserver/storage/testing';
import { builtinKinds } from '@kubernest/kinds';
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

test('what a watch of tables begins with is made and sent row by row, however small the objects are', async () => {
  const [columns, count] = [500, 60];
  let made = 0;
  const cell = () => {
    made++;
    return 'x'.repeat(40);
  };
  const wide = Array.from({ length: columns }, (_, i) => ({ name: `c${i}`, type: 'string', cell }) as const);
  const gadgets = gadgetsIn(v1, new Converter()).map((each) => ({ ...each, columns: wide }));
  await using api = await testServer({ catalog: new Catalog([...builtinKinds, ...gadgets]) });
  for (let i = 0; i < count; i++) await api.call(`POST ${pathIn(v1)}`, gadget(v1, `g${i}`, 1));
  const request = requestFor(`GET ${pathIn(v1)}?watch=1&resourceVersion=0&timeoutSeconds=1`, undefined, { accept });
  const watch = (await api.server.handle(request, api.ctx)) as WatchResponse;
  made = 0;
  const writes: { readonly letters: number; readonly cells: number }[] = [];
  const writeBytes = ({ length: letters }: Uint8Array) => {
    writes.push({ letters, cells: made });
    made = 0;
    return true;
  };
  const ended = watch.run({ writeBytes }, api.ctx);
  while (writes.reduce((sum, { cells }) => sum + cells, 0) < columns * count) await turnsTaken();
  await api.clock.advance(1_000);
  await ended;
  for (const { letters, cells } of writes) {
    expect(letters).toBeLessThan(400_000);
    expect(cells).toBeLessThanOrEqual(20 * columns);
  }
});
