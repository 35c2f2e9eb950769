import { createClient } from '@kubernest/client';
import type { Json, KubeObject } from '@kubernest/meta';
import { conflict } from '@kubernest/meta';
import { expect, it, onTestFinished } from 'vitest';
import { writeOf } from './api-write.ts';
import { Journal } from './journal.ts';
import { testServer } from './test-server.ts';
import { Traffic } from './traffic.ts';
import { until } from './until.ts';

const maps = { group: '', version: 'v1', resource: 'configmaps' };
const key = { namespace: 'default', name: 'a' };
const map = { metadata: key, data: { a: 'b' } } as KubeObject;

async function world() {
  const server = await testServer();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const traffic = new Traffic();
  const transport = server.transport();
  const [through, beside] = [traffic.before(transport, 'spec'), transport].map((each) =>
    createClient(each).resource(maps),
  );
  return { ctx: server.ctx, traffic, through: through!, beside: beside! };
}

it.each<[string, Json | undefined, string | undefined]>([
  ['GET /api/v1/pods', undefined, undefined],
  ['POST /api/v1/namespaces/one/pods?dryRun=All', { metadata: { name: 'p' } }, 'create /pods one/p'],
  ['POST /api/v1/namespaces/one/pods', { metadata: { generateName: 'p-' } }, 'create /pods one/p-'],
  ['POST /api/v1/namespaces/one/pods/p/binding', {}, 'create /pods/binding one/p'],
  ['PUT /api/v1/namespaces/one/finalize', {}, 'update /namespaces/finalize /one'],
  ['PATCH /api/v1/namespaces/one', {}, 'patch /namespaces /one'],
  ['PUT /apis/apps/v1/namespaces/one/deployments/d/status', {}, 'update apps/deployments/status one/d'],
  ['DELETE /api/v1/nodes/n1', {}, 'delete /nodes /n1'],
  ['DELETE /apis/example.com/v1/namespaces/one/things', {}, 'deletecollection example.com/things one/'],
])('%s is told in the words of authorization', (line, body, told) => {
  const [method, path] = line.split(' ') as ['GET', string];
  const write = writeOf('', { method, path, ...(body !== undefined && { body }) });
  expect(write && `${write.verb} ${write.group}/${write.resource} ${write.key}`).toBe(told);
});

it('a write that is refused on its way never reaches the server; what the server itself refuses is noted', async () => {
  const { ctx, traffic, through, beside } = await world();
  traffic.beforeWrite = ({ verb }) => {
    if (verb === 'create') throw conflict({ ...maps, name: 'a' }, 'somebody else was first');
  };
  await expect(through.create(map, {}, ctx)).rejects.toThrow('somebody else was first');
  expect((await beside.list({}, ctx)).items).toEqual([]);
  traffic.beforeWrite = () => {};
  const wrong = { ...map, metadata: { ...key, name: 'No Name' } };
  await expect(through.create(wrong, {}, ctx)).rejects.toThrow('is invalid');
  expect(traffic.writes.map((write) => `${write.account} ${write.key}`)).toEqual([
    'spec default/a',
    'spec default/No Name',
  ]);
  expect(traffic.refusals).toEqual([expect.stringContaining('"No Name" is invalid')]);
});

it('watches end as a spec will have it, and tell of nothing any more', async () => {
  const { ctx, traffic, through, beside } = await world();
  const told = new Journal();
  const watch = () => through.watch({}, ({ object }) => told.add(object.metadata.name!), ctx);
  const [broken, over] = [watch(), watch()];
  expect(traffic.watching).toBe(2);
  await beside.create(map, {}, ctx);
  expect(await told.next(2)).toEqual(['a', 'a']);
  traffic.endWatches(new Error('connection broke'));
  await expect(Promise.all([broken, over])).rejects.toThrow('connection broke');
  expect(traffic.watching).toBe(0);
  const ended = watch();
  expect(await told.next(1)).toEqual(['a']);
  traffic.endWatches();
  await ended;
  await beside.delete(key, {}, ctx);
  await until(beside, { fieldSelector: 'metadata.name=a' }, (object) => !object, ctx);
  expect(told.taken()).toEqual([]);
});

it('a state is waited for from whatever it is now, until it is gone', async () => {
  const { ctx, beside } = await world();
  const wait = (wanted: (object?: KubeObject) => boolean) => until(beside, { namespace: 'default' }, wanted, ctx);
  expect(await wait((object) => !object)).toBeUndefined();
  const there = wait(Boolean);
  await beside.create(map, {}, ctx);
  expect((await there)?.metadata.name).toBe('a');
  const gone = wait((object) => !object);
  await beside.delete(key, {}, ctx);
  expect(await gone).toBeUndefined();
});
