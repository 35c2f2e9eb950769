import type { AdmissionPlugin, Joined } from '@kubernest/apiserver/contract';
import { gadgetsIn, v1, v3 } from '@kubernest/apiserver/storage/testing';
import { takingNoNew } from '@kubernest/definitions';
import { forbidden } from '@kubernest/meta';
import { StoreUnavailableError } from '@kubernest/store/contract';
import { memoryStore } from '@kubernest/store/memory';
import { storeWith, testServer } from '@kubernest/testkit/server';
import { beforeEach, expect, it } from 'vitest';
import { gadgetServer } from './gadget-server.fixture.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const body = { metadata: { name: 'a' } };
let told: string[] = [];
beforeEach(() => {
  told = [];
});

const plugin = (name: string, joins: () => Joined): AdmissionPlugin => ({
  name,
  sees: { resources: ['*'], on: ['create'] },
  joins,
});
/** Told in order of what it joins, and how that ended. */
const joining = plugin('joining', () => {
  told.push('joins');
  return { lost: () => told.push('lost'), committed: () => told.push('committed') };
});

it('who joins a write is told that it was committed', async () => {
  await using api = await testServer({ plugins: [joining] });
  await api.call(`POST ${maps}`, body);
  expect(told).toEqual(['joins', 'committed']);
});

it('who joins a write is told that it was lost where the store fails', async () => {
  const store = memoryStore();
  let away = false;
  const commit: typeof store.commit = (transaction, ctx) =>
    away ? Promise.reject(new StoreUnavailableError('away')) : store.commit(transaction, ctx);
  await using api = await testServer({ plugins: [joining], store: storeWith(store, { commit }) });
  away = true;
  expect((await api.call(`POST ${maps}`, body)).status).toBe(503);
  expect(told).toEqual(['joins', 'lost']);
});

it('who joins a write is told that it was lost where another cannot join', async () => {
  const refusing = plugin('refusing', () => {
    throw forbidden({ group: '', resource: 'configmaps', name: 'a' }, 'no');
  });
  await using api = await testServer({ plugins: [joining, refusing] });
  expect((await api.call(`POST ${maps}`, body)).status).toBe(403);
  expect(told).toEqual(['joins', 'lost']);
});

it('who joins a write is told that it was lost where the object cannot be converted', async () => {
  await using api = await gadgetServer([joining]);
  api.converter.failWith('no');
  expect((await api.create(v3, 'a', 3)).status).toBe(500);
  expect(told).toEqual(['joins', 'lost']);
});

it('who joins a write is told that it was lost where the kind takes none any more', async () => {
  const going = plugin('going', () => {
    api.catalog.apply({ served: gadgetsIn(v1, api.converter).map((each) => takingNoNew(each, 'it goes')) });
    return {};
  });
  await using api = await gadgetServer([joining, going]);
  expect((await api.create(v1, 'a', 3)).status).toBe(403);
  expect(told).toEqual(['joins', 'lost']);
});
