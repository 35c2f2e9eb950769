import { Journal, MemoryApi } from '@kubernest/client/testing';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';
import { expect, it, onTestFinished } from 'vitest';
import type { ApiCall, Transport } from '../client.ts';
import { createClient } from '../create-client.ts';
import { createInformerSet } from './informer-set.ts';

const configMaps = { group: '', version: 'v1', resource: 'configmaps' };

/** A server that knows nothing but whole objects, and what it is asked. */
async function world() {
  const controller = new AbortController();
  const ctx: Context = { signal: controller.signal, clock: new FakeClock(), log: silentLogger };
  onTestFinished(() => controller.abort());
  const api = new MemoryApi();
  const asked: string[] = [];
  const ask = ({ method, path, headers }: ApiCall) => asked.push(`${method} ${path} ${headers?.['accept'] ?? ''}`);
  const transport: Transport = {
    call: (call, within) => [ask(call), api.call(call, within)][1] as ReturnType<Transport['call']>,
    watch: (call, onEvent, within) => [ask(call), api.watch(call, onEvent, within)][1] as Promise<void>,
  };
  const client = createClient(transport);
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
    const metadata = { name, namespace: 'default', labels: { of: name }, managedFields: [{ manager: 'spec' }] };
    return client.resource(configMaps).create({ metadata, data: { key: 'value' } } as KubeObject, {}, ctx);
  };
  return { api, asked, client, ctx, informers, seen, follow, put };
}

it('asks for metadata, and keeps no more of what is listed or watched', async () => {
  const { api, asked, ctx, follow, put, seen } = await world();
  const { managedFields, ...listed } = (await put('listed')).metadata as KubeObject['metadata'] & {
    readonly managedFields: object;
  };
  asked.length = 0;
  const informer = follow();
  await informer.whenSynced(ctx.signal);
  await api.watched();
  const accept = (shape: string) => `application/json;as=${shape};g=meta.k8s.io;v=v1,application/json`;
  expect(asked.map((line) => line.replace(/\?\S*/, ''))).toEqual([
    `GET /api/v1/configmaps ${accept('PartialObjectMetadataList')}`,
    `GET /api/v1/configmaps ${accept('PartialObjectMetadata')}`,
  ]);
  await put('watched');
  await seen.through((entry) => entry === '+watched');
  expect([managedFields, informer.get('default/listed')]).toEqual([[{ manager: 'spec' }], { metadata: listed }]);
  expect(informer.list().map((object) => [Object.keys(object), Object.isFrozen(object.metadata)])).toEqual([
    [['metadata'], true],
    [['metadata'], true],
  ]);
  expect(informer.get('default/watched')?.metadata).not.toHaveProperty('managedFields');
});

it('that is forgotten watches no more and tells nothing; asked for again it begins anew', async () => {
  const { api, client, ctx, informers, follow, put, seen } = await world();
  const first = follow();
  expect(follow()).toBe(first);
  await put('a');
  await seen.next(2);
  informers.forgetMetadataOf(configMaps);
  expect(api.watching).toBe(0);
  await client.resource(configMaps).delete({ namespace: 'default', name: 'a' }, {}, ctx);
  await put('b');
  const second = follow();
  expect(await seen.next(1)).toEqual(['+b']);
  expect([second === first, second.list().length]).toEqual([false, 1]);
});
