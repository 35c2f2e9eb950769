import { gadget, pathIn, v1, v3 } from '@kubernest/apiserver/storage/testing';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { type GadgetServer, gadgetServer } from './gadget-server.fixture.ts';

/** For longer than this nobody is shown what a converter said once. */
const BELIEVED_MS = 10_000;

let api: GadgetServer;
beforeEach(async () => {
  api = await gadgetServer();
  api.converter.by = 'old';
  await api.create(v1, 'a', 3);
  await api.call(`GET ${pathIn(v3)}/a`);
});
afterEach(() => api[Symbol.asyncDispose]());

const list = (query: string) => async () => (await api.call(`GET ${pathIn(v3)}${query}`)).object.items[0];
const reads: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['get', async () => (await api.call(`GET ${pathIn(v3)}/a`)).object],
  ['get as of any revision', async () => (await api.call(`GET ${pathIn(v3)}/a?resourceVersion=0`)).object],
  ['list', list('')],
  ['list as of any revision', list('?resourceVersion=0')],
  ['list by a field', list('?fieldSelector=spec.millimetres=30')],
  [
    'watch',
    async () => {
      const watch = await api.watch(`${pathIn(v3)}?watch=1&resourceVersion=0`);
      const [first] = await watch.next(1);
      return first!.object;
    },
  ],
];

describe('a converter that answers otherwise than before', () => {
  test.each(reads)('is asked again some seconds later: %s', async (_, read) => {
    api.converter.by = 'new';
    expect(await read()).toMatchObject({ metadata: { labels: { by: 'old' } } });
    await api.clock.advance(BELIEVED_MS);
    expect(await read()).toMatchObject({ metadata: { labels: { by: 'new' } } });
  });

  test.each([
    ['PATCH', 'application/merge-patch+json', { metadata: { annotations: { a: '1' } } }],
    ['PATCH', 'application/json-patch+json', [{ op: 'add', path: '/metadata/annotations', value: { a: '1' } }]],
    [
      'PATCH',
      'application/apply-patch+yaml',
      { ...gadget(v3, 'a', 3), metadata: { name: 'a', annotations: { a: '1' } } },
    ],
  ])('is asked by who writes at once: %s %s', async (method, type, body) => {
    api.converter.by = 'new';
    const query = type.includes('apply') ? '?fieldManager=m&force=true' : '';
    const answer = await api.call(`${method} ${pathIn(v3)}/a${query}`, body, { 'content-type': type });
    expect(answer.status).toBe(200);
    expect((await api.stored('a')).metadata).toMatchObject({ labels: { by: 'new' }, annotations: { a: '1' } });
  });

  it('is told in what happens from then on', async () => {
    const watch = await api.watch(`${pathIn(v3)}?watch=1`);
    await watch.next(1);
    api.converter.by = 'new';
    await api.call(`PUT ${pathIn(v1)}/a`, gadget(v1, 'a', 4));
    expect(await watch.next(1)).toMatchObject([{ type: 'MODIFIED', object: { metadata: { labels: { by: 'new' } } } }]);
  });
});

test.each([...reads.slice(0, 5)])('a converter that is gone answers nobody some seconds later: %s', async (_, read) => {
  api.converter.failWith('gone');
  expect(await read()).toMatchObject({ metadata: { labels: { by: 'old' } } });
  await api.clock.advance(BELIEVED_MS);
  expect(await read().catch(() => undefined)).not.toMatchObject({ kind: 'Gadget' });
});

test.each(['PUT', 'DELETE'])('a converter that is gone lets nobody write in that version: %s', async (method) => {
  api.converter.failWith('gone');
  const body = method === 'PUT' ? gadget(v3, 'a', 5) : undefined;
  expect(await api.call(`${method} ${pathIn(v3)}/a`, body)).toMatchObject({ status: 500, object: { message: 'gone' } });
  expect(await api.stored('a')).toMatchObject({ spec: { size: '3cm' } });
});
