import type { TestCluster } from '@kubernest/testkit/cluster';
import { expect, it } from 'vitest';
import { builtinCluster } from '../shared/builtin-cluster.fixture.ts';
import { definitionOf, saidOf, serve } from '../shared/crd.fixture.ts';
import { refs } from '../shared/refs.ts';

const CRDS = refs.customResourceDefinitions;
const fullName = (plural: string) => `${plural}.example.com`;
const namesSaid = async (on: TestCluster, plural: string) =>
  (await saidOf(on, 'NamesAccepted', fullName(plural)))?.split(':')[0];
const own = (plural: string) =>
  definitionOf({ plural, singular: `${plural}x`, kind: `Kind${plural}`, listKind: `Kind${plural}List` });

/** What is written into the status of a definition waits from now on until it is let go. */
function held(on: TestCluster, isHeld: (path: string) => boolean): { readonly paths: string[]; release(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const paths: string[] = [];
  on.traffic.gate = ({ method, path }) => {
    if (method !== 'PUT' || !path.includes('/customresourcedefinitions/') || !isHeld(path)) return undefined;
    paths.push(path);
    return promise;
  };
  return { paths, release: () => resolve() };
}

it('nobody waits for his names until what others were given is written', async () => {
  await using on = await builtinCluster();
  const slow = held(on, (path) => path.includes(fullName('slow')));
  for (const plural of ['slow', 'a', 'b']) await on.make(CRDS, own(plural));
  await on.pass(500);
  expect(slow.paths).toHaveLength(1);
  expect(await Promise.all(['slow', 'a', 'b'].map((plural) => namesSaid(on, plural)))).toEqual([
    undefined,
    'True NoConflicts',
    'True NoConflicts',
  ]);
  slow.release();
  await on.pass(500);
  expect(await namesSaid(on, 'slow')).toBe('True NoConflicts');
});

it('nobody waits for his names until others are established', async () => {
  await using on = await builtinCluster();
  await serve(on, 'server', '1');
  const many = Array.from({ length: 20 }, (_, i) => `old${i}`);
  for (const plural of many) await on.make(CRDS, own(plural));
  await on.pass(500);
  const establishing = held(on, (path) => path.includes('/old'));
  await serve(on, 'server', '1000000');
  await on.pass(500);
  expect(establishing.paths.length).toBeGreaterThan(1);
  await on.make(CRDS, own('fresh'));
  await on.pass(500);
  expect(await namesSaid(on, 'fresh')).toBe('True NoConflicts');
  establishing.release();
  await on.pass(500);
  const said = await Promise.all([...many, 'fresh'].map((plural) => saidOf(on, 'Established', fullName(plural))));
  expect(said.filter((line) => !line?.startsWith('True'))).toEqual([]);
});

async function rivals(on: TestCluster): Promise<ReturnType<typeof held>> {
  const writes = held(on, () => true);
  for (const plural of ['a', 'b']) {
    await on.make(CRDS, definitionOf({ plural, singular: `${plural}x` }));
    await on.pass(500);
  }
  expect(writes.paths).toHaveLength(2);
  return writes;
}
const bothSaid = (on: TestCluster) => Promise.all(['a', 'b'].map((plural) => namesSaid(on, plural)));

it('a name that one is being given is no other’s', async () => {
  await using on = await builtinCluster();
  const writes = await rivals(on);
  writes.release();
  await on.pass(2_000);
  expect(await bothSaid(on)).toEqual(['True NoConflicts', 'False ListKindConflict']);
});

it('a name that one was being given is free again where his write comes to grief', async () => {
  await using on = await builtinCluster();
  const writes = await rivals(on);
  await on.patch(CRDS, fullName('a'), { spec: { names: { kind: 'Other', listKind: 'OtherList' } } });
  writes.release();
  await on.pass(2_000);
  expect(await bothSaid(on)).toEqual(['True NoConflicts', 'True NoConflicts']);
});

it('each is written twice, however many come together, and one server’s word concerns those alone that it speaks of', async () => {
  await using on = await builtinCluster();
  await serve(on, 'server', '1');
  const plurals = Array.from({ length: 30 }, (_, i) => `many${i}`);
  for (const plural of plurals) await on.make(CRDS, own(plural));
  await on.pass(500);
  await serve(on, 'server', '1000000');
  await on.pass(500);
  const written = on.traffic.writes.filter(({ resource }) => resource === 'customresourcedefinitions/status');
  expect(written).toHaveLength(60);
  expect(on.traffic.refusals).toEqual([]);
});
