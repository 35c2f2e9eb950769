import type { KubeObject } from '@kubernest/meta';
import { type TestCluster, testCluster } from '@kubernest/testkit/cluster';
import { expect, it } from 'vitest';
import { testControllers } from './shared/builtin-cluster.fixture.ts';
import { refs } from './shared/refs.ts';

const followers = testControllers.filter(({ watches }) => watches === 'all');
const whatMetadataHas = new Set(['kind', 'apiVersion', 'metadata']);

/** The kinds of which more than metadata is given, by `given`. */
function kindsSeenWhole(on: TestCluster): Set<string> {
  const seen = new Set<string>();
  on.traffic.given = (object) => {
    const { kind, items } = (object ?? {}) as { readonly kind?: string; readonly items?: readonly object[] };
    for (const each of items ?? (object ? [object as object] : []))
      if (Object.keys(each).some((member) => !whatMetadataHas.has(member))) seen.add(kind ?? 'no kind');
  };
  return seen;
}

it('who follows every object there is gets the metadata alone: to collect, to orphan, and to empty a namespace', async () => {
  await using on = await testCluster({ controllers: followers });
  const seen = kindsSeenWhole(on);
  const make = async (name: string, over: object, namespace = 'default') => {
    const made = await on.make<KubeObject>(refs.configMaps, {
      metadata: { name, namespace, ...over },
      data: { of: name },
    } as KubeObject);
    return [{ apiVersion: 'v1', kind: 'ConfigMap', name, uid: made.metadata.uid!, blockOwnerDeletion: true }];
  };
  await on.make(refs.namespaces, { metadata: { name: 'going' } });
  await make('inside', {}, 'going');
  const going = await make('goes', {});
  await make('follows', { ownerReferences: going });
  await make('lost', { ownerReferences: [{ ...going[0]!, uid: 'never-was' }] });
  const orphaning = await make('orphans', {});
  await make('stays', { ownerReferences: orphaning });
  const drop = (name: string, propagationPolicy: 'Foreground' | 'Orphan') =>
    on.admin.resource(refs.configMaps).delete({ namespace: 'default', name }, { propagationPolicy }, on.ctx);
  await drop('goes', 'Foreground');
  await drop('orphans', 'Orphan');
  await on.admin.resource(refs.namespaces).delete({ name: 'going' }, {}, on.ctx);
  await on.pass(5_000);
  await on.pass(30_000);
  const left = (await on.all(refs.configMaps)).map(({ metadata }) => [metadata.name, metadata.ownerReferences?.length]);
  expect(left).toEqual([['stays', undefined]]);
  expect(await on.find(refs.namespaces, 'going')).toBeUndefined();
  expect([...seen].sort()).toEqual(['Namespace', 'Status']);
});
