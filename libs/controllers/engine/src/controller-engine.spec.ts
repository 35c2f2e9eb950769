import { createClient, createInformerSet } from '@kubernest/client';
import type { Pod } from '@kubernest/kinds';
import { childContext, TerminalError } from '@kubernest/kit';
import { conflict, type KubeObject } from '@kubernest/meta';
import { Journal, testServer } from '@kubernest/testkit/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Controller, Outcome } from './controller.ts';
import { type ControllerMetrics, controllerEngine } from './controller-engine.ts';

const sets = { group: 'apps', version: 'v1', resource: 'replicasets' };
const pods = { group: '', version: 'v1', resource: 'pods' };
const spec = { containers: [{ name: 'c', image: 'a' }] };
const podNamed = (name: string, over: object = {}): Pod => ({ metadata: { name, namespace: 'team', ...over }, spec });
const setNamed = (name: string): KubeObject & { readonly spec: object } => ({
  metadata: { name, namespace: 'team' },
  spec: { selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec } },
});

async function engine(
  over: Partial<Controller>,
  reconcile: Controller['reconcile'] = async () => 'done',
  metrics?: ControllerMetrics,
) {
  const server = await testServer();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const { clock } = server;
  const { ctx, controller: life } = childContext(server.ctx);
  const client = createClient(server.transport());
  const seen = new Journal();
  const controller: Controller = {
    name: 'test',
    serviceAccount: 'test-controller',
    reconciles: sets,
    watches: [{ ref: sets }, { ref: pods }],
    writes: [],
    reconcile: (key, context) => {
      seen.add(key);
      return reconcile(key, context);
    },
    ...over,
  };
  const start = async () => {
    const informers = createInformerSet(client);
    return controllerEngine({
      controllers: [controller],
      clientFor: () => client,
      informersFor: () => informers,
      metrics,
    }).start(ctx);
  };
  let last = 0;
  /** The keys before that of a set which is made now: all that had come by then. */
  const others = async () => {
    const name = `last-${last++}`;
    await client.resource(sets).create(setNamed(name), {}, ctx);
    return (await seen.through((key) => key === `team/${name}`)).slice(0, -1);
  };
  return { client, clock, ctx, life, start, keys: (count: number) => seen.next(count), others };
}

describe('a controller is told of', () => {
  it('every object there is when it starts, and each that comes, changes or goes', async () => {
    const { client, ctx, start, keys } = await engine({});
    await client.resource(sets).create(setNamed('a'), {}, ctx);
    await start();
    expect(await keys(1)).toEqual(['team/a']);
    const made = await client.resource(sets).create(setNamed('b'), {}, ctx);
    expect(await keys(1)).toEqual(['team/b']);
    await client.resource(sets).update({ ...made, metadata: { ...made.metadata, labels: { x: 'y' } } }, {}, ctx);
    expect(await keys(1)).toEqual(['team/b']);
    await client.resource(sets).delete({ namespace: 'team', name: 'b' }, {}, ctx);
    expect(await keys(1)).toEqual(['team/b']);
  });

  it('what it makes by itself, once a term, though no object tells of it', async () => {
    const { start, keys, others } = await engine({ initialKeys: ['team/own'] });
    await start();
    expect(await keys(1)).toEqual(['team/own']);
    expect(await others()).toEqual([]);
  });

  it('the controlling owner of what it watches, if that is the very one', async () => {
    const { client, ctx, start, keys } = await engine({});
    const uids = new Map<string, string>();
    for (const name of ['a', 'b'])
      uids.set(name, (await client.resource(sets).create(setNamed(name), {}, ctx)).metadata.uid!);
    await start();
    await keys(2);
    const ownedBy = (pod: string, name: string, owner: object) =>
      client.resource(pods).create(
        podNamed(pod, {
          ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid: uids.get(name), ...owner }],
        }),
        {},
        ctx,
      );
    await ownedBy('other-uid', 'a', { uid: 'x', controller: true });
    await ownedBy('not-controlled', 'a', {});
    await ownedBy('owned', 'b', { controller: true });
    expect(await keys(1)).toEqual(['team/b']);
    await ownedBy('owned-too', 'a', { controller: true });
    expect(await keys(1)).toEqual(['team/a']);
  });

  it('the keys of what was and of what is, where it says which', async () => {
    const keysOf = ({ metadata }: KubeObject) => [`team/${metadata.labels?.of}`];
    const { client, ctx, start, keys } = await engine({ watches: [{ ref: sets }, { ref: pods, keys: keysOf }] });
    await start();
    const made = await client.resource<Pod>(pods).create(podNamed('p', { labels: { of: 'a' } }), {}, ctx);
    expect(await keys(1)).toEqual(['team/a']);
    await client.resource(pods).update({ ...made, metadata: { ...made.metadata, labels: { of: 'b' } } }, {}, ctx);
    expect((await keys(2)).sort()).toEqual(['team/a', 'team/b']);
  });
});

it('one object that makes it throw hinders no other, in its keys as in its work', async () => {
  const worked = new Journal();
  const keysOf = ({ metadata: { name = '', labels } }: KubeObject) => {
    if (labels?.of === 'bad') throw new Error('whose is it?');
    return [`team/${name}`];
  };
  const { client, ctx, start } = await engine(
    { workers: 1, watches: [{ ref: sets }, { ref: pods, keys: keysOf }] },
    async (key) => {
      if (key === 'team/bad') throw new Error('cannot be done');
      worked.add(key);
      return 'done';
    },
  );
  for (const name of ['bad', 'good']) await client.resource(sets).create(setNamed(name), {}, ctx);
  await start();
  expect(await worked.next(1)).toEqual(['team/good']);
  const made = await client.resource(pods).create(podNamed('p', { labels: { of: 'bad' } }), {}, ctx);
  await client.resource(pods).create(podNamed('q'), {}, ctx);
  await client.resource(pods).update({ ...made, metadata: { ...made.metadata, labels: {} } }, {}, ctx);
  expect(await worked.next(2)).toEqual(['team/q', 'team/p']);
});

describe('what a controller answers', () => {
  const answers = async (...given: (() => Promise<Outcome>)[]) => {
    const results = new Journal();
    const metrics = { reconciled: (_name: string, result: string) => results.add(result) };
    const made = await engine(
      { watches: [{ ref: sets }] },
      () => (given.shift() ?? (async () => 'done' as const))(),
      metrics,
    );
    await made.client.resource(sets).create(setNamed('a'), {}, made.ctx);
    await made.start();
    expect(await made.keys(1)).toEqual(['team/a']);
    return { ...made, results };
  };
  const failing = (error: Error) => async (): Promise<never> => {
    throw error;
  };

  it('is kept: again after a while', async () => {
    const { clock, keys, others, results } = await answers(async () => ({ againAfter: 5_000 }));
    expect(await results.next(1)).toEqual(['requeue']);
    await clock.advance(4_999);
    expect(await others()).toEqual([]);
    await clock.advance(1);
    expect(await keys(1)).toEqual(['team/a']);
    expect(await results.next(2)).toEqual(['success', 'success']);
  });

  it.each([
    ['a fault', new Error('broken')],
    ['a conflict', conflict({ ...sets, name: 'a' }, 'somebody else was first')],
  ])('is tried again after %s, later each time', async (_what, error) => {
    const { clock, keys, others, results } = await answers(failing(error), failing(error));
    expect(await results.next(1)).toEqual(['error']);
    await clock.advance(5);
    expect(await keys(1)).toEqual(['team/a']);
    expect(await results.next(1)).toEqual(['error']);
    await clock.advance(9);
    expect(await others()).toEqual([]);
    await clock.advance(1);
    expect(await keys(1)).toEqual(['team/a']);
    expect(await results.next(2)).toEqual(['success', 'success']);
  });

  it('is not tried again where it gives up, until something changes', async () => {
    const { client, ctx, clock, keys, others, results } = await answers(failing(new TerminalError('never')));
    expect(await results.next(1)).toEqual(['error']);
    await clock.advance(2_000_000);
    expect(await others()).toEqual([]);
    await client
      .resource(sets)
      .patch({ namespace: 'team', name: 'a' }, { type: 'merge', body: { metadata: { labels: { x: 'y' } } } }, {}, ctx);
    expect(await keys(1)).toEqual(['team/a']);
  });
});

it('never works on one key twice at once, nor on more keys than it has workers', async () => {
  const running = new Set<string>();
  let most = 0;
  const open = new Journal<() => void>();
  const { client, ctx, start, keys } = await engine({ workers: 2, watches: [{ ref: sets }] }, async (key) => {
    expect(running.has(key)).toBe(false);
    running.add(key);
    most = Math.max(most, running.size);
    await new Promise<void>((resolve) => open.add(resolve));
    running.delete(key);
    return 'done';
  });
  for (const name of ['a', 'b', 'c']) await client.resource(sets).create(setNamed(name), {}, ctx);
  await start();
  expect(await keys(2)).toEqual(['team/a', 'team/b']);
  await client
    .resource(sets)
    .patch({ namespace: 'team', name: 'a' }, { type: 'merge', body: { metadata: { labels: { x: 'y' } } } }, {}, ctx);
  for (let done = 0; done < 4; done++) (await open.next(1))[0]!();
  expect((await keys(2)).sort()).toEqual(['team/a', 'team/c']);
  expect(most).toBe(2);
});

it('looks at everything again as often as it asks for', async () => {
  const { client, ctx, clock, start, keys } = await engine({ resync: 60_000, watches: [{ ref: sets }] });
  await client.resource(sets).create(setNamed('a'), {}, ctx);
  await start();
  await keys(1);
  const began = clock.monotonic();
  expect(await clock.passUntil(keys(1))).toEqual(['team/a']);
  expect(clock.monotonic() - began).toBe(60_000);
});

it('begins each term with what belongs to a term', async () => {
  let terms = 0;
  const { life, start } = await engine({
    begin() {
      terms++;
      return { ...(this as Controller) };
    },
  });
  await start();
  const { done } = await start();
  expect(terms).toBe(2);
  life.abort();
  await done;
});

it('stops when it is told to, and lets go of what is in work', async () => {
  const order = new Journal();
  const finishing = Promise.withResolvers<void>();
  const { client, ctx, life, start, keys } = await engine({ watches: [{ ref: sets }] }, async () => {
    await finishing.promise;
    order.add('finished');
    return 'done';
  });
  await client.resource(sets).create(setNamed('a'), {}, ctx);
  const { done } = await start();
  await keys(1);
  life.abort();
  const ended = done.then(() => order.add('ended'));
  // Were it to end before its work does, it would by the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  finishing.resolve();
  await ended;
  expect(await order.next(2)).toEqual(['finished', 'ended']);
});

it('keys whose work takes long are not all worked on in one turn of the event loop', async () => {
  let taken = 0;
  let worked = 0;
  let inFirstTurn = 0;
  const { client, clock, ctx, start, keys } = await engine({ watches: [{ ref: sets }] }, async () => {
    if (worked++ === 0) setImmediate(() => (inFirstTurn = worked));
    taken += 3;
    return 'done';
  });
  Object.assign(clock, { monotonic: () => taken });
  for (let i = 0; i < 20; i++) await client.resource(sets).create(setNamed(`s${i}`), {}, ctx);
  await start();
  await keys(20);
  expect(inFirstTurn).toBeGreaterThan(0);
  expect(inFirstTurn).toBeLessThan(5);
});
