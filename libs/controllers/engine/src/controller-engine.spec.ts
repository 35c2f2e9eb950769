import { createClient, createInformerSet } from '@kubernest/client';
import { MemoryApi } from '@kubernest/client/testing';
import type { Pod } from '@kubernest/kinds';
import { childContext, FakeClock, silentLogger, TerminalError } from '@kubernest/kit';
import { conflict, type KubeObject } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import type { Controller, Outcome } from './controller.ts';
import { type ControllerMetrics, controllerEngine } from './controller-engine.ts';

const sets = { group: 'apps', version: 'v1', resource: 'replicasets' };
const pods = { group: '', version: 'v1', resource: 'pods' };
const named = (name: string, over: object = {}): KubeObject => ({ metadata: { name, namespace: 'team', ...over } });

async function engine(
  over: Partial<Controller>,
  reconcile: Controller['reconcile'] = async () => 'done',
  metrics?: ControllerMetrics,
) {
  const clock = new FakeClock();
  const { ctx, controller: life } = childContext({ signal: new AbortController().signal, clock, log: silentLogger });
  const api = new MemoryApi(undefined, () => clock.now());
  const client = createClient(api);
  const seen: string[] = [];
  const controller: Controller = {
    name: 'test',
    serviceAccount: 'test-controller',
    reconciles: sets,
    watches: [{ ref: sets }, { ref: pods }],
    writes: [],
    reconcile: (key, context) => {
      seen.push(key);
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
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 30; i++) await new Promise((resolve) => setImmediate(resolve));
  };
  /** The keys since the last call. */
  const keys = async () => {
    await settle();
    return seen.splice(0);
  };
  return { api, client, clock, ctx, life, start, keys, settle };
}

describe('a controller is told of', () => {
  it('every object there is when it starts, and each that comes, changes or goes', async () => {
    const { client, ctx, start, keys } = await engine({});
    await client.resource(sets).create(named('a'), {}, ctx);
    await start();
    expect(await keys()).toEqual(['team/a']);
    const made = await client.resource(sets).create(named('b'), {}, ctx);
    expect(await keys()).toEqual(['team/b']);
    await client.resource(sets).update({ ...made, metadata: { ...made.metadata, labels: { x: 'y' } } }, {}, ctx);
    expect(await keys()).toEqual(['team/b']);
    await client.resource(sets).delete({ namespace: 'team', name: 'b' }, {}, ctx);
    expect(await keys()).toEqual(['team/b']);
  });

  it('the controlling owner of what it watches, if that is the very one', async () => {
    const { client, ctx, start, keys } = await engine({});
    const { metadata } = await client.resource(sets).create(named('a'), {}, ctx);
    await start();
    await keys();
    const ownedBy = (name: string, owner: object) =>
      client
        .resource(pods)
        .create(named(name, { ownerReferences: [{ kind: 'ReplicaSet', name: 'a', ...owner }] }), {}, ctx);
    await ownedBy('other-uid', { uid: 'x', controller: true });
    await ownedBy('not-controlled', { uid: metadata.uid });
    expect(await keys()).toEqual([]);
    await ownedBy('owned', { uid: metadata.uid, controller: true });
    expect(await keys()).toEqual(['team/a']);
  });

  it('the keys of what was and of what is, where it says which', async () => {
    const keysOf = ({ metadata }: KubeObject) => [`team/${metadata.labels?.of}`];
    const { client, ctx, start, keys } = await engine({ watches: [{ ref: sets }, { ref: pods, keys: keysOf }] });
    await start();
    const made = await client.resource<Pod>(pods).create(named('p', { labels: { of: 'a' } }) as Pod, {}, ctx);
    expect(await keys()).toEqual(['team/a']);
    await client.resource(pods).update({ ...made, metadata: { ...made.metadata, labels: { of: 'b' } } }, {}, ctx);
    expect((await keys()).sort()).toEqual(['team/a', 'team/b']);
  });
});

it('one object that makes it throw hinders no other, in its keys as in its work', async () => {
  const worked: string[] = [];
  const keysOf = ({ metadata: { name = '', labels } }: KubeObject) => {
    if (labels?.of === 'bad') throw new Error('whose is it?');
    return [`team/${name}`];
  };
  const { client, ctx, start, keys } = await engine(
    { workers: 1, watches: [{ ref: sets }, { ref: pods, keys: keysOf }] },
    async (key) => {
      if (key === 'team/bad') throw new Error('cannot be done');
      worked.push(key);
      return 'done';
    },
  );
  for (const name of ['bad', 'good']) await client.resource(sets).create(named(name), {}, ctx);
  await start();
  await keys();
  const made = await client.resource(pods).create(named('p', { labels: { of: 'bad' } }), {}, ctx);
  await client.resource(pods).create(named('q'), {}, ctx);
  await client.resource(pods).update({ ...made, metadata: { ...made.metadata, labels: {} } }, {}, ctx);
  await keys();
  expect(worked).toEqual(['team/good', 'team/q', 'team/p']);
});

describe('what a controller answers', () => {
  const answers = async (...given: (() => Promise<Outcome>)[]) => {
    const results: string[] = [];
    const metrics = { reconciled: (_name: string, result: string) => void results.push(result) };
    const made = await engine(
      { watches: [{ ref: sets }] },
      () => (given.shift() ?? (async () => 'done' as const))(),
      metrics,
    );
    await made.client.resource(sets).create(named('a'), {}, made.ctx);
    await made.start();
    return { ...made, results };
  };
  const failing = (error: Error) => async (): Promise<never> => {
    throw error;
  };

  it('is kept: again after a while', async () => {
    const { clock, keys, results } = await answers(async () => ({ againAfter: 5_000 }));
    await keys();
    await clock.advance(4_999);
    expect(await keys()).toEqual([]);
    await clock.advance(1);
    expect(await keys()).toEqual(['team/a']);
    expect(results).toEqual(['requeue', 'success']);
  });

  it.each([
    ['a fault', new Error('broken')],
    ['a conflict', conflict({ ...sets, name: 'a' }, 'somebody else was first')],
  ])('is tried again after %s, later each time', async (_what, error) => {
    const { clock, keys, results } = await answers(failing(error), failing(error));
    await keys();
    await clock.advance(5);
    expect(await keys()).toEqual(['team/a']);
    await clock.advance(9);
    expect(await keys()).toEqual([]);
    await clock.advance(1);
    expect(await keys()).toEqual(['team/a']);
    expect(results).toEqual(['error', 'error', 'success']);
  });

  it('is not tried again where it gives up, until something changes', async () => {
    const { client, ctx, clock, keys } = await answers(failing(new TerminalError('never')));
    await keys();
    await clock.advance(2_000_000);
    expect(await keys()).toEqual([]);
    await client
      .resource(sets)
      .patch({ namespace: 'team', name: 'a' }, { type: 'merge', body: { metadata: { labels: { x: 'y' } } } }, {}, ctx);
    expect(await keys()).toEqual(['team/a']);
  });
});

it('never works on one key twice at once, nor on more keys than it has workers', async () => {
  const running = new Set<string>();
  let most = 0;
  const open: (() => void)[] = [];
  const { client, ctx, start, settle } = await engine({ workers: 2, watches: [{ ref: sets }] }, async (key) => {
    expect(running.has(key)).toBe(false);
    running.add(key);
    most = Math.max(most, running.size);
    await new Promise<void>((resolve) => open.push(resolve));
    running.delete(key);
    return 'done';
  });
  for (const name of ['a', 'b', 'c']) await client.resource(sets).create(named(name), {}, ctx);
  await start();
  await settle();
  expect([...running]).toEqual(['team/a', 'team/b']);
  await client
    .resource(sets)
    .patch({ namespace: 'team', name: 'a' }, { type: 'merge', body: { metadata: { labels: { x: 'y' } } } }, {}, ctx);
  await settle();
  while (open.length > 0) {
    open.shift()!();
    await settle();
  }
  expect([most, running.size]).toEqual([2, 0]);
});

it('looks at everything again as often as it asks for', async () => {
  const { client, ctx, clock, start, keys } = await engine({ resync: 60_000, watches: [{ ref: sets }] });
  await client.resource(sets).create(named('a'), {}, ctx);
  await start();
  await keys();
  await clock.advance(60_000);
  expect(await keys()).toEqual(['team/a']);
});

it('begins each term with what belongs to a term', async () => {
  let terms = 0;
  const { life, start, settle } = await engine({
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
  await settle();
});

it('stops when it is told to, and lets go of what is in work', async () => {
  let finished = false;
  let finish: () => void = () => {};
  const { client, ctx, life, start, settle } = await engine({ watches: [{ ref: sets }] }, async () => {
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    finished = true;
    return 'done';
  });
  await client.resource(sets).create(named('a'), {}, ctx);
  const { done } = await start();
  await settle();
  life.abort();
  let ended = false;
  void done.then(() => {
    ended = true;
  });
  await settle();
  expect([ended, finished]).toEqual([false, false]);
  finish();
  await done;
  expect(finished).toBe(true);
});
