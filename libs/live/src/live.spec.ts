import { accessReviews } from '@kubernest/apiserver/access';
import { createClient } from '@kubernest/client';
import { type Context, type FakeClock, turnsTaken } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';
import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLive, type Live, type OverviewDelta } from './index.ts';

const ann = { username: 'ann', groups: [] };
const bob = { username: 'bob', groups: [] };

let api: TestServer;
let clock: FakeClock;
let ctx: Context;
let live: Live;
/** Of bob: `namespace/resource`, or `*` for all namespaces. Ann may do everything. */
let rights: Set<string>;
let clients: number;

beforeEach(async () => {
  rights = new Set();
  clients = 0;
  api = await testServer({
    authorizers: () => [
      {
        name: 'rights',
        authorize: ({ user, info }) => {
          const may =
            user.username === 'ann' ||
            info.verb === 'create' ||
            rights.has(`${info.namespace || '*'}/${info.resource}`);
          return { verdict: may ? 'allow' : 'no-opinion', reason: '' };
        },
      },
    ],
    virtual: (core) => accessReviews(core, {} as never),
  });
  ({ clock, ctx } = api);
  live = createLive((user) => {
    clients++;
    return createClient(api.transport(user.username, user.groups));
  }, ctx);
});
afterEach(() => api[Symbol.asyncDispose]());

const pods = () =>
  createClient(api.transport(ann.username, ann.groups)).resource({ group: '', version: 'v1', resource: 'pods' });
const makePod = (namespace: string, name: string): Promise<KubeObject> =>
  pods().create(
    { metadata: { namespace, name }, spec: { containers: [{ name: 'c', image: 'i' }] } } as KubeObject,
    {},
    ctx,
  );

/** Time goes by in small steps, so that what the server does between two of them is done. */
async function pass(time: number): Promise<void> {
  await turnsTaken();
  for (let gone = 0; gone < time; gone += 100) {
    await clock.advance(Math.min(100, time - gone));
    await turnsTaken();
  }
}

/** What a page would show, and how it was told. */
function page(user: typeof ann, namespace?: string) {
  const deltas: OverviewDelta[] = [];
  const leave = live.subscribe({ view: 'overview', user, namespace }, (delta) => deltas.push(delta));
  const keys = (section: 'pods' | 'problems'): string[] => {
    const rows = new Set<string>();
    for (const delta of deltas) {
      if (delta[section]?.reset) rows.clear();
      for (const key of delta[section]?.removed ?? []) rows.delete(key);
      for (const { key } of delta[section]?.set ?? []) rows.add(key);
    }
    return [...rows].sort();
  };
  const last = <S extends keyof OverviewDelta>(section: S): OverviewDelta[S] =>
    deltas.findLast((delta) => delta[section])?.[section];
  return { deltas, leave, keys, last };
}

describe('the overview', () => {
  it('begins with what there is and goes on with what changes', async () => {
    await makePod('default', 'a');
    const shown = page(ann);
    expect(shown.last('pods')).toMatchObject({ state: 'loading', reset: true });
    await pass(200);
    expect(shown.keys('pods')).toEqual(['default/a']);
    await makePod('default', 'b');
    await pass(100);
    expect(shown.keys('pods')).toEqual(['default/a', 'default/b']);
    expect(shown.last('pods')).toMatchObject({ total: 2, set: [{ key: 'default/b' }], removed: [] });
    await pods().delete({ namespace: 'default', name: 'a' }, { gracePeriodSeconds: 0 }, ctx);
    await pass(100);
    expect(shown.keys('pods')).toEqual(['default/b']);
  });

  it('counts all pods, also those that are not shown', async () => {
    for (let i = 0; i < 510; i++) await makePod('default', `p${i}`);
    const shown = page(ann);
    await pass(200);
    expect(shown.keys('pods')).toHaveLength(500);
    expect(shown.last('pods')).toMatchObject({ total: 510, counts: { well: 0 } });
  });

  it('says whether the namespace is there that is looked at, and when it comes', async () => {
    const shown = page(ann, 'later');
    const everything = page(ann);
    await pass(200);
    expect(shown.last('place')).toMatchObject({ state: 'ready', total: 0 });
    expect(everything.last('place')).toMatchObject({ state: 'ready', total: 1 });
    const namespaces = createClient(api.transport(ann.username, ann.groups)).resource({
      group: '',
      version: 'v1',
      resource: 'namespaces',
    });
    await namespaces.create({ metadata: { name: 'later' } }, {}, ctx);
    await pass(5_200);
    expect(shown.last('place')).toMatchObject({ state: 'ready', total: 1 });
  });

  it('does not tell who may not see a namespace whether it is there', async () => {
    const [real, imagined] = [page(bob, 'default'), page(bob, 'imagined')];
    await pass(200);
    for (const shown of [real, imagined]) expect(shown.last('place')).toMatchObject({ state: 'denied', total: 0 });
  });

  it('tells changes that come together together', async () => {
    const shown = page(ann);
    await pass(200);
    const before = shown.deltas.length;
    await Promise.all(Array.from({ length: 20 }, (_, i) => makePod('default', `p${i}`)));
    expect(shown.deltas.length).toBe(before);
    await pass(100);
    expect(shown.deltas.length).toBe(before + 1);
    expect(shown.last('pods')?.set).toHaveLength(20);
  });

  it('says nothing while nothing changes', async () => {
    const shown = page(ann);
    await pass(200);
    const before = shown.deltas.length;
    await pass(60_000);
    expect(shown.deltas.length).toBe(before);
  });

  it('gives a second page of the same viewer everything at once, over the same watches', async () => {
    await makePod('default', 'a');
    page(ann);
    await pass(200);
    const second = page(ann);
    expect(second.keys('pods')).toEqual(['default/a']);
    expect(clients).toBe(1);
  });

  it('begins anew once the last page has gone', async () => {
    const first = page(ann);
    await pass(200);
    first.leave();
    first.leave();
    await makePod('default', 'later');
    const heard = first.deltas.length;
    const second = page(ann);
    await pass(200);
    expect(first.deltas.length).toBe(heard);
    expect(clients).toBe(2);
    expect(second.keys('pods')).toEqual(['default/later']);
  });
});

describe('a viewer with few rights', () => {
  it('is told in words what they may not list, and is shown none of it', async () => {
    await makePod('default', 'secret');
    const shown = page(bob);
    await pass(200);
    expect(shown.last('pods')).toMatchObject({
      state: 'denied',
      message: 'you may not list pods in all namespaces',
      total: 0,
    });
    expect(shown.last('nodes')).toMatchObject({ state: 'denied', message: 'you may not list nodes' });
    expect(shown.last('deployments')?.message).toBe('you may not list deployments.apps in all namespaces');
    expect(shown.last('problems')?.state).toBe('denied');
    expect(JSON.stringify(shown.deltas)).not.toContain('secret');
  });

  it('sees one namespace and not its neighbours', async () => {
    rights.add('mine/pods');
    await makePod('mine', 'a');
    await makePod('other', 'b');
    const shown = page(bob, 'mine');
    await pass(200);
    expect(shown.keys('pods')).toEqual(['mine/a']);
    expect(JSON.stringify(shown.deltas)).not.toContain('other');
  });

  it('sees what is granted later, and loses what is taken away while watching', async () => {
    await makePod('default', 'a');
    const shown = page(bob);
    await pass(200);
    rights.add('*/pods');
    await pass(5_200);
    expect(shown.keys('pods')).toEqual(['default/a']);
    rights.clear();
    await pass(5_200);
    expect(shown.keys('pods')).toEqual([]);
    expect(shown.last('pods')?.state).toBe('denied');
    await makePod('default', 'unseen');
    await pass(5_200);
    expect(JSON.stringify(shown.deltas)).not.toContain('unseen');
  });
});
