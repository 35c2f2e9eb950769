import type { KubeObject } from '@kubernest/meta';
import { Journal, Traffic, testServer } from '@kubernest/testkit/server';
import { expect, it, onTestFinished } from 'vitest';
import type { ApiCall, Transport } from '../client.ts';
import { createClient } from '../create-client.ts';
import { createInformerSet } from './informer-set.ts';

const configMaps = { group: '', version: 'v1', resource: 'configmaps' };

/** It answers everybody with whole objects, as a server does that knows no other answer. */
function wholeObjectsOf(inner: Transport): Transport {
  const plain = ({ headers: _, ...call }: ApiCall): ApiCall => call;
  return {
    call: (call, ctx) => inner.call(call.method === 'GET' ? plain(call) : call, ctx),
    watch: (call, onEvent, ctx) => inner.watch(plain(call), onEvent, ctx),
  };
}

/** An informer of metadata, and what it asks the server for. */
async function world(answers = (inner: Transport) => inner) {
  const server = await testServer();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const { ctx } = server;
  const traffic = new Traffic();
  const asked: string[] = [];
  traffic.beforeRead = ({ method, path, headers }) => asked.push(`${method} ${path} ${headers?.['accept'] ?? ''}`);
  const client = createClient(traffic.before(answers(server.transport())));
  const informers = createInformerSet(client);
  await informers.start(ctx);
  const seen = new Journal();
  const follow = () => {
    const informer = informers.metadataOf(configMaps);
    informer.subscribe({
      added: (o) => seen.add(`+${o.metadata.name}`),
      deleted: (o) => seen.add(`-${o.metadata.name}`),
    });
    return informer;
  };
  const put = (name: string) => {
    const metadata = { name, namespace: 'default', labels: { of: name } };
    return client.resource(configMaps).create({ metadata, data: { key: 'value' } } as KubeObject, {}, ctx);
  };
  return { traffic, asked, client, ctx, informers, seen, follow, put };
}

it.each([
  ['of a server that knows how to answer that', undefined],
  ['of one that sends whole objects', wholeObjectsOf],
])('asks for metadata, and keeps no more of what is listed or watched %s', async (_, answers) => {
  const { traffic, asked, ctx, follow, put, seen } = await world(answers);
  const { managedFields, ...listed } = (await put('listed')).metadata as KubeObject['metadata'] & {
    readonly managedFields: object;
  };
  asked.length = 0;
  const informer = follow();
  await informer.whenSynced(ctx.signal);
  await traffic.watched();
  const accept = (shape: string) => `application/json;as=${shape};g=meta.k8s.io;v=v1,application/json`;
  expect(asked.map((line) => line.replace(/\?\S*/, ''))).toEqual([
    `GET /api/v1/configmaps ${accept('PartialObjectMetadataList')}`,
    `GET /api/v1/configmaps ${accept('PartialObjectMetadata')}`,
  ]);
  await put('watched');
  await seen.through((entry) => entry === '+watched');
  expect([managedFields, informer.get('default/listed')]).toEqual([
    [expect.objectContaining({ manager: 'kubernest' })],
    { metadata: listed },
  ]);
  expect(informer.list().map((object) => [Object.keys(object), Object.isFrozen(object.metadata)])).toEqual([
    [['metadata'], true],
    [['metadata'], true],
  ]);
  expect(informer.get('default/watched')?.metadata).not.toHaveProperty('managedFields');
});

it('that is forgotten watches no more and tells nothing; asked for again it begins anew', async () => {
  const { traffic, client, ctx, informers, follow, put, seen } = await world();
  const first = follow();
  expect(follow()).toBe(first);
  await put('a');
  await seen.next(2);
  informers.forgetMetadataOf(configMaps);
  expect(traffic.watching).toBe(0);
  await client.resource(configMaps).delete({ namespace: 'default', name: 'a' }, {}, ctx);
  await put('b');
  const second = follow();
  expect(await seen.next(1)).toEqual(['+b']);
  expect([second === first, second.list().length]).toEqual([false, 1]);
});
