import { childContext } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';
import { Journal, Traffic, testServer } from '@kubernest/testkit/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClient } from '../create-client.ts';
import { createInformerSet } from './informer-set.ts';

const configMaps = { group: '', version: 'v1', resource: 'configmaps' };

/** `history` is how many changes the server keeps for watches that begin in the past. */
async function world(history?: number) {
  const server = await testServer(history === undefined ? {} : { history: { events: history } });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const { clock } = server;
  const { ctx, controller } = childContext(server.ctx);
  const traffic = new Traffic();
  const client = createClient(traffic.before(server.transport()));
  const put = (name: string, data: Record<string, string> = {}, namespace = 'default') =>
    client.resource(configMaps).create({ metadata: { name, namespace, labels: data } }, {}, ctx);
  const informers = createInformerSet(client, { pageSize: 2, random: () => 0.5 });
  const informer = informers.of(configMaps);
  const seen = new Journal();
  informer.subscribe({
    added: (o) => seen.add(`+${o.metadata.name}`),
    updated: (o) => seen.add(`~${o.metadata.name}`),
    deleted: (o) => seen.add(`-${o.metadata.name}`),
  });
  const start = async () => {
    const { done } = await informers.start(ctx);
    await informer.whenSynced(ctx.signal);
    return { done };
  };
  return { ctx, controller, clock, traffic, client, put, informers, informer, seen, start };
}

describe('an informer', () => {
  it('lists in pages, then follows the watch, and reports each change once', async () => {
    const { put, start, informer, seen, client, ctx } = await world();
    for (const name of ['a', 'b', 'c', 'd', 'e']) await put(name);
    await start();
    expect(await seen.next(5)).toEqual(['+a', '+b', '+c', '+d', '+e']);
    await put('f');
    await client
      .resource(configMaps)
      .patch({ namespace: 'default', name: 'a' }, { type: 'merge', body: { data: { x: '1' } } }, {}, ctx);
    await client.resource(configMaps).delete({ namespace: 'default', name: 'b' }, {}, ctx);
    expect(await seen.next(3)).toEqual(['+f', '~a', '-b']);
    expect(informer.list().map((o) => o.metadata.name)).toEqual(['a', 'c', 'd', 'e', 'f']);
  });

  it('asks at once where it waits after a failure and is told that it may do better now', async () => {
    const { traffic, clock, ctx, put, informers, informer } = await world();
    await put('a');
    let asked = 0;
    traffic.beforeRead = () => {
      asked += 1;
      throw new Error('away');
    };
    await informers.start(ctx);
    for (let i = 0; i < 10; i++) await clock.advance(30_000);
    traffic.beforeRead = () => {};
    const before = asked;
    informer.retryNow();
    await informer.whenSynced(ctx.signal);
    expect([before > 5, informer.list().length]).toEqual([true, 1]);
    // Nobody waits: nothing happens.
    informer.retryNow();
  });

  it('goes on when a handler or an index throws: the others are told, and the object is in no index', async () => {
    const { put, start, informer, seen } = await world();
    const isBad = (object: KubeObject): boolean => object.metadata.name === 'bad';
    informer.addIndex('name', (object) => {
      if (isBad(object)) throw new Error('no value');
      return [object.metadata.name!];
    });
    const after: string[] = [];
    informer.subscribe({
      added: (object) => {
        if (isBad(object)) throw new Error('no handler');
      },
    });
    informer.subscribe({ added: (object) => after.push(object.metadata.name!) });
    for (const name of ['a', 'bad', 'c']) await put(name);
    await start();
    expect(await seen.next(3)).toEqual(['+a', '+bad', '+c']);
    expect(after).toEqual(['a', 'bad', 'c']);
    expect(['a', 'bad', 'c'].map((name) => informer.byIndex('name', name).length)).toEqual([1, 0, 1]);
    expect(informer.get('default/bad')?.metadata.name).toBe('bad');
  });

  it('freezes what it holds', async () => {
    const { put, start, informer } = await world();
    await put('a', { app: 'web' });
    await start();
    const found = informer.get('default/a') as { metadata: { labels: Record<string, string> } };
    expect(() => {
      found.metadata.labels.app = 'changed';
    }).toThrow(TypeError);
  });

  it('relists after a 410 and reports only the differences', async () => {
    const { put, start, seen, traffic, client, ctx, clock } = await world(1);
    await put('gone');
    await put('stays');
    await start();
    await traffic.watched();
    traffic.endWatches(new Error('connection broke'));
    await client.resource(configMaps).delete({ namespace: 'default', name: 'gone' }, {}, ctx);
    await put('new');
    expect(await clock.passUntil(seen.next(4))).toEqual(['+gone', '+stays', '-gone', '+new']);
  });

  it('goes on from the last event when a watch breaks', async () => {
    const { put, start, seen, traffic, clock } = await world();
    await start();
    await put('a');
    expect(await seen.next(1)).toEqual(['+a']);
    let lists = 0;
    traffic.beforeRead = (call) => {
      if (!call.path.includes('watch=')) lists++;
    };
    traffic.endWatches(new Error('connection broke'));
    await put('b');
    expect(await clock.passUntil(seen.next(1))).toEqual(['+b']);
    expect(lists).toBe(0);
  });

  it('waits longer from failure to failure while the server is away', async () => {
    const { informers, traffic, ctx, clock } = await world();
    const attempts = new Journal<number>();
    traffic.beforeRead = () => {
      attempts.add(clock.monotonic());
      throw new Error('connection refused');
    };
    await informers.start(ctx);
    const times = await clock.passUntil(attempts.next(5));
    expect(times.slice(1).map((at, i) => at - times[i]!)).toEqual([200, 400, 800, 1600]);
  });

  it('sees an object that was deleted and made again as two', async () => {
    const { put, start, seen, traffic, client, ctx, clock } = await world(1);
    await put('a');
    await start();
    await traffic.watched();
    traffic.endWatches();
    await client.resource(configMaps).delete({ namespace: 'default', name: 'a' }, {}, ctx);
    await put('a');
    expect(await clock.passUntil(seen.next(3))).toEqual(['+a', '-a', '+a']);
  });

  it('keeps indexes and namespaces', async () => {
    const { put, start, informer, client, ctx, seen } = await world();
    await put('a', { app: 'web' });
    await put('b', { app: 'db' }, 'other');
    await start();
    informer.addIndex('app', (o) => [o.metadata.labels?.app ?? '']);
    const names = (objects: readonly KubeObject[]) => objects.map((o) => o.metadata.name);
    expect(names(informer.byIndex('app', 'db'))).toEqual(['b']);
    await client
      .resource(configMaps)
      .patch(
        { namespace: 'default', name: 'a' },
        { type: 'merge', body: { metadata: { labels: { app: 'db' } } } },
        {},
        ctx,
      );
    await seen.through((entry) => entry === '~a');
    expect(names(informer.byIndex('app', 'db'))).toEqual(['b', 'a']);
    expect(names(informer.byIndex('app', 'web'))).toEqual([]);
    expect(names(informer.list('other'))).toEqual(['b']);
    expect(() => informer.byIndex('none', 'x')).toThrow('no index "none"');
  });

  it('goes on telling the others when a handler throws', async () => {
    const { put, start, informer } = await world();
    const seen: string[] = [];
    informer.subscribe({
      added: () => {
        throw new Error('mine');
      },
    });
    informer.subscribe({ added: (o) => seen.push(o.metadata.name!) });
    await put('a');
    await start();
    expect(seen).toEqual(['a']);
  });

  it('ends when its context is aborted', async () => {
    const { start, controller, traffic } = await world();
    const { done } = await start();
    await traffic.watched();
    expect(traffic.watching).toBe(1);
    controller.abort();
    await done;
    expect(traffic.watching).toBe(0);
  });
});
