import { type ApiAnswer, type ApiCall, createClient } from '@kubernest/client';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { apiVersionOf, unavailable } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { Discoverer } from './discovery.ts';

const verbs = ['get', 'list', 'watch'];
const aggregatedResource = (resource: string, over: object = {}) => {
  return { resource, responseKind: { kind: `K${resource}` }, scope: 'Namespaced', verbs, ...over };
};
const version = (name: string, resources: object[], freshness = 'Current') => ({ version: name, freshness, resources });

/** Answers by path, and keeps the paths that it was asked for. */
function server(answer: (call: ApiCall) => Partial<ApiAnswer>) {
  const asked: string[] = [];
  const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(), log: silentLogger };
  const client = createClient({
    call: async (call) => {
      asked.push(call.path);
      return { status: 200, object: undefined, ...answer(call) };
    },
    watch: () => Promise.reject(new Error('discovery is not watched')),
  });
  const discoverer = new Discoverer(client);
  const read = async () => {
    const { resources, failed } = await discoverer.read(ctx);
    return {
      found: resources.map((each) => `${apiVersionOf(each)} ${each.resource} ${each.kind} ${each.namespaced}`),
      failed: [...failed],
    };
  };
  return { asked, read };
}

it('of a server that aggregates is read by two questions, and again only where it changed', async () => {
  let groups = [version('v1', [aggregatedResource('things')])];
  const given: unknown[] = [];
  const { asked, read } = server(({ path, headers }) => {
    const [items, etag] =
      path === '/api'
        ? [[{ versions: [version('v1', [aggregatedResource('nodes', { scope: 'Cluster' })])] }], 'core']
        : [[{ metadata: { name: 'x.io' }, versions: groups }], `groups ${groups.length}`];
    const unchanged = headers?.['if-none-match'] === etag;
    given.push(unchanged ? 304 : etag);
    return unchanged ? { status: 304, etag } : { object: { kind: 'APIGroupDiscoveryList', items }, etag };
  });
  const first = { found: ['v1 nodes Knodes false', 'x.io/v1 things Kthings true'], failed: [] };
  expect([await read(), await read()]).toEqual([first, first]);
  groups = [...groups, version('v2', [aggregatedResource('things'), aggregatedResource('news')])];
  expect(await read()).toEqual({ ...first, found: [...first.found, 'x.io/v2 news Knews true'] });
  expect(given).toEqual(['core', 'groups 1', 304, 304, 304, 'groups 2']);
  expect(asked.length).toBe(6);
});

it('names versions that are stale, and leaves out what cannot be listed', async () => {
  const { read } = server(({ path }) => {
    const versions = [
      version('v1', [aggregatedResource('old')], 'Stale'),
      version('v2', [aggregatedResource('reviews', { verbs: ['create'] }), aggregatedResource('things')]),
    ];
    const items = path === '/api' ? [] : [{ metadata: { name: 'x.io' }, versions }];
    return { object: { kind: 'APIGroupDiscoveryList', items } };
  });
  expect(await read()).toEqual({
    found: ['x.io/v2 things Kthings true'],
    failed: [['x.io/v1', 'stale GroupVersion discovery']],
  });
});

it('of a server that does not aggregate is read version by version: the preferred first, and what only others have', async () => {
  const documents: Readonly<Record<string, object>> = {
    '/api': { kind: 'APIVersions', versions: [] },
    '/apis': {
      kind: 'APIGroupList',
      groups: [
        {
          versions: ['x.io/v1', 'x.io/v2', 'x.io/v3'].map((groupVersion) => ({ groupVersion })),
          preferredVersion: { groupVersion: 'x.io/v2' },
        },
      ],
    },
    '/apis/x.io/v1': {
      groupVersion: 'x.io/v1',
      resources: ['both', 'onlyfirst', 'both/status'].map((name) => ({ name, kind: 'K', namespaced: true, verbs })),
    },
    '/apis/x.io/v2': { groupVersion: 'x.io/v2', resources: [{ name: 'both', kind: 'K', namespaced: true, verbs }] },
  };
  const { read } = server(({ path }) => {
    const object = documents[path];
    if (!object) throw unavailable('nobody is there');
    return { object };
  });
  expect(await read()).toEqual({
    found: ['x.io/v2 both K true', 'x.io/v1 onlyfirst K true'],
    failed: [['x.io/v3', 'nobody is there']],
  });
});
