import { type PiecesResponse, wholeOf } from '@kubernest/apiserver/contract';
import type { ListOptions, Store } from '@kubernest/store/contract';
import { memoryStore } from '@kubernest/store/memory';
import { requestFor, storeWith, type TestServer, testServer } from '@kubernest/testkit/server';
import { afterEach, beforeEach, expect, test } from 'vitest';

const MANY = 600;
const url = '/api/v1/namespaces/default/configmaps';
const nameOf = (i: number): string => `m${String(i).padStart(4, '0')}`;

let store: Store;
let lists: (ListOptions & { readonly found: number })[];
/** Of two servers on one store, one that remembers no change and one that remembers all. */
let forgetful: TestServer;
let api: TestServer;
let before: string;
beforeEach(async () => {
  const inner = memoryStore();
  store = storeWith(inner, {
    async list(prefix, options, ctx) {
      const result = await inner.list(prefix, options, ctx);
      lists.push({ ...options, found: result.entries.length });
      return result;
    },
  });
  lists = [];
  api = await testServer({ store });
  for (let i = 0; i < MANY; i++)
    await api.call(`POST ${url}`, {
      metadata: { name: nameOf(i), labels: { third: String(i % 3 === 0), last: String(i === MANY - 1) } },
      data: { a: 'x'.repeat(600) },
    });
  forgetful = await testServer({ store, history: { events: 0 } });
  before = (await api.call(`GET ${url}?limit=1`)).object.metadata.resourceVersion;
  await patch(0);
  lists = [];
});
afterEach(async () => {
  await api[Symbol.asyncDispose]();
  await forgetful[Symbol.asyncDispose]();
});

const patch = (i: number) =>
  api.call(`PATCH ${url}/${nameOf(i)}`, { data: { a: 'new' } }, { 'content-type': 'application/merge-patch+json' });
const exact = (query = ''): string => `GET ${url}?resourceVersion=${before}&resourceVersionMatch=Exact${query}`;
const readsOfValues = (): number => lists.filter(({ keysOnly }) => !keysOnly).length;
const entriesRead = (): number => lists.reduce((sum, { found }) => sum + found, 0);

test('of a filtered list each read of the store is twice as long, and nothing is counted', async () => {
  const { object } = await forgetful.call(exact('&limit=1&labelSelector=last%3Dtrue'));
  expect(object.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual([nameOf(MANY - 1)]);
  expect(object.metadata.continue).toBeUndefined();
  const keys = lists.filter(({ keysOnly }) => keysOnly);
  expect(keys.map(({ limit }) => limit)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 500]);
  expect(lists.every(({ uncounted }) => uncounted)).toBe(true);
  // All keys, and the one value that has changed since.
  expect([readsOfValues(), entriesRead()]).toEqual([1, MANY + 1]);
});

test('what remains of an unfiltered list is counted once a request', async () => {
  const { object } = await forgetful.call(exact('&limit=550'));
  expect([object.items.length, object.metadata.remainingItemCount]).toEqual([550, MANY - 550]);
  expect(lists.filter(({ uncounted }) => !uncounted)).toMatchObject([{ countOnly: true, after: expect.any(String) }]);
  const next = encodeURIComponent(object.metadata.continue);
  lists = [];
  const rest = (await forgetful.call(`GET ${url}?limit=550&continue=${next}`)).object;
  expect([rest.items.length, rest.metadata.remainingItemCount]).toEqual([MANY - 550, undefined]);
  expect(lists.every(({ uncounted }) => uncounted)).toBe(true);
});

test('what the cache remembers is not read from the store, whatever is asked', async () => {
  await api.call(`DELETE ${url}/${nameOf(3)}`);
  await api.call(`POST ${url}`, { metadata: { name: 'm0003a' } });
  const queries = ['', '&limit=7', '&labelSelector=third%3Dtrue', '&limit=7&labelSelector=third!%3Dtrue'];
  const fields = ['m0003', 'm0003a'].map((name) => `&fieldSelector=metadata.name%3D${name}`);
  for (const query of [...queries, ...fields, '&fieldSelector=metadata.name!%3Dm0003&limit=5']) {
    lists = [];
    const remembered = (await api.call(exact(query))).object;
    expect(lists).toEqual([]);
    expect((await forgetful.call(exact(query))).object).toEqual(remembered);
  }
});

test('an answer that nobody has taken yet lends its objects to the next', async () => {
  for (let i = 0; i < MANY; i++) await patch(i);
  lists = [];
  const unread = (await forgetful.server.handle(requestFor(exact()), forgetful.ctx)) as PiecesResponse;
  expect(unread.kind).toBe('pieces');
  expect(readsOfValues()).toBeGreaterThan(0);
  lists = [];
  const answer = await forgetful.call(exact());
  expect([answer.status, readsOfValues()]).toEqual([200, 0]);
  expect((await wholeOf(unread)).toString()).toBe(answer.text);
});

test('of many at once one reads the store at a time, and few values', async () => {
  for (let i = 0; i < MANY; i++) await patch(i);
  let [reading, atOnce] = [0, 0];
  const counted = storeWith(store, {
    async list(prefix, options, ctx) {
      atOnce = Math.max(atOnce, ++reading);
      const result = await store.list(prefix, options, ctx);
      reading--;
      return result;
    },
  });
  await using third = await testServer({ store: counted, history: { events: 0 } });
  await patch(0);
  lists = [];
  const answers = await Promise.all(Array.from({ length: 12 }, () => third.call(exact())));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(atOnce).toBe(1);
  expect(Math.max(...lists.filter(({ keysOnly }) => !keysOnly).map(({ found }) => found))).toBeLessThanOrEqual(64);
});

test('a server that began when an object was gone has it in a list of before all the same', async () => {
  before = (await api.call(`GET ${url}?limit=1`)).object.metadata.resourceVersion;
  await api.call(`DELETE ${url}/${nameOf(3)}`);
  await using late = await testServer({ store });
  const { items } = (await late.call(exact('&limit=4'))).object;
  expect(items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual([0, 1, 2, 3].map(nameOf));
});
