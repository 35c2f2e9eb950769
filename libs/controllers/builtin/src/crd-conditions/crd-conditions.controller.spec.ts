import { conflict } from '@kubernest/meta';
import type { TestCluster } from '@kubernest/testkit/cluster';
import { expect, it } from 'vitest';
import { builtinCluster } from '../shared/builtin-cluster.fixture.ts';
import { definition, definitionOf, lampKind, saidOf, serve } from '../shared/crd.fixture.ts';
import { refs } from '../shared/refs.ts';

const CRDS = refs.customResourceDefinitions;
const established = async (on: TestCluster, name?: string) => (await saidOf(on, 'Established', name))?.split(':')[0];
const names = async (on: TestCluster, name?: string) => (await saidOf(on, 'NamesAccepted', name))?.split(' is')[0];
const remove = (on: TestCluster, name: string) => on.admin.resource(CRDS).delete({ name }, {}, on.ctx);
const versionOf = async (on: TestCluster) => (await definition(on))!.metadata.resourceVersion!;

it('where no API server is registered a definition is established as soon as its names are its own', async () => {
  await using on = await builtinCluster();
  await on.make(CRDS, definitionOf({ shortNames: ['lp'], categories: ['all'] }));
  await on.pass(100);
  const { spec, status } = (await definition(on))!;
  expect(status).toMatchObject({ acceptedNames: spec.names, storedVersions: ['v1'] });
  expect(await saidOf(on, 'NamesAccepted')).toBe('True NoConflicts: no conflicts found');
  expect(await saidOf(on, 'Established')).toBe('True InitialNamesAccepted: the initial names have been accepted');
  expect(on.traffic.refusals).toEqual([]);
  const written = on.traffic.writes.length;
  await on.pass(60_000);
  expect(on.traffic.writes.length).toBe(written);
});

it('every API server that lives has to serve it first, also one that comes meanwhile', async () => {
  await using on = await builtinCluster();
  for (const server of ['a', 'b']) await serve(on, server, '1');
  await on.make(CRDS, definitionOf());
  await on.pass(100);
  expect(await saidOf(on, 'Established')).toBe('False Installing: the initial names have been accepted');
  const version = await versionOf(on);
  await serve(on, 'a', version);
  await serve(on, 'c');
  await on.pass(100);
  await serve(on, 'b', String(Number(version) + 7));
  await on.pass(100);
  expect(await established(on)).toBe('False Installing');
  await serve(on, 'c', version);
  await on.pass(100);
  expect(await established(on)).toBe('True InitialNamesAccepted');
  await serve(on, 'd');
  await on.patch(CRDS, 'lamps.example.com', { metadata: { labels: { a: 'b' } } });
  await on.pass(100);
  expect(await established(on)).toBe('True InitialNamesAccepted');
});

it('what a server served before the names were accepted is not enough', async () => {
  await using on = await builtinCluster();
  await serve(on, 'a', '1');
  const { metadata } = await on.make(CRDS, definitionOf());
  await serve(on, 'a', metadata.resourceVersion);
  await on.pass(100);
  expect(await established(on)).toBe('False Installing');
});

it('one that died is waited for until its Lease is over, by the clock of this process', async () => {
  await using on = await builtinCluster();
  await serve(on, 'dies');
  await serve(on, 'lives');
  await on.make(CRDS, definitionOf());
  await on.pass(100);
  const version = await versionOf(on);
  await serve(on, 'lives', version);
  await on.pass(19_000);
  expect(await established(on)).toBe('False Installing');
  await serve(on, 'lives', version);
  await on.pass(1_500);
  expect(await established(on)).toBe('True InitialNamesAccepted');
});

it('one that lives and is behind is waited for as long as it takes', async () => {
  await using on = await builtinCluster();
  await serve(on, 'slow', '1');
  await on.make(CRDS, definitionOf());
  for (let seconds = 0; seconds < 120; seconds += 10) {
    await on.pass(10_000);
    await serve(on, 'slow', '1');
  }
  expect(await established(on)).toBe('False Installing');
  await serve(on, 'slow', await versionOf(on));
  await on.pass(100);
  expect(await established(on)).toBe('True InitialNamesAccepted');
});

it('who came first keeps the names; one that goes frees them for those who wait', async () => {
  await using on = await builtinCluster();
  on.catalog.apply({ served: [{ ...lampKind, plural: 'b', singular: 'b1' }] });
  const rivals = ['b', 'a', 'c'].map((plural) => definitionOf({ plural, singular: `${plural}1` }));
  for (const each of rivals) await on.make(CRDS, each);
  await on.pass(1_500);
  const all = () => Promise.all(['b', 'a', 'c'].map((plural) => names(on, `${plural}.example.com`)));
  const taken = 'False ListKindConflict: "LampList"';
  expect(await all()).toEqual(['True NoConflicts: no conflicts found', taken, taken]);
  expect(await established(on, 'a.example.com')).toBe('False NotAccepted');
  await remove(on, 'b.example.com');
  await on.pass(1_500);
  const after = await all();
  expect(after[0]).toBeUndefined();
  expect(after.filter((line) => line === taken)).toHaveLength(1);
  expect(on.traffic.refusals).toEqual([]);
});

it('a name that is given up goes to who waits for it', async () => {
  await using on = await builtinCluster();
  await on.make(CRDS, definitionOf({ shortNames: ['l'] }));
  await on.make(CRDS, definitionOf({ plural: 'b', singular: 'b', kind: 'B', listKind: 'Bs', shortNames: ['l'] }));
  await on.pass(1_500);
  expect(await names(on, 'b.example.com')).toBe('False ShortNamesConflict: "l"');
  await on.patch(CRDS, 'lamps.example.com', { spec: { names: { shortNames: null } } });
  await on.pass(1_500);
  expect(await names(on, 'b.example.com')).toBe('True NoConflicts: no conflicts found');
});

it('the cache behind its own writes gives no name twice', async () => {
  await using on = await builtinCluster();
  const late: (() => void)[] = [];
  await on.make(CRDS, definitionOf());
  await on.make(CRDS, definitionOf({ plural: 'a', singular: 'a1' }));
  on.traffic.hand = (path, event) => (path.includes('customresourcedefinitions') ? void late.push(event) : event());
  await on.pass(1_500);
  for (let event = late.shift(); event; event = late.shift()) {
    event();
    await on.pass(100);
  }
  const said = await Promise.all(['lamps', 'a'].map((plural) => names(on, `${plural}.example.com`)));
  expect(said.filter((line) => line?.startsWith('True'))).toHaveLength(1);
});

it('says what is wrong with schemas, and takes it back when it is mended', async () => {
  await using on = await builtinCluster();
  const schema = (a: object) => ({ openAPIV3Schema: { type: 'object', properties: { a } } });
  const versions = (a: object) => [{ name: 'v1', served: true, storage: true, schema: schema(a) }];
  const rule = { type: 'string', 'x-kubernetes-validations': [{ rule: 'true' }] };
  await on.make(CRDS, definitionOf({}, { versions: versions(rule) }));
  await on.pass(1_500);
  expect(await saidOf(on, 'ValidationRulesNotEnforced')).toBe(
    'True ExpressionsNotSupported: x-kubernetes-validations are not enforced by this server yet: schema of v1',
  );
  await on.patch(CRDS, 'lamps.example.com', { spec: { versions: versions({ type: 'string' }) } });
  await on.pass(1_500);
  expect(await saidOf(on, 'ValidationRulesNotEnforced')).toBeUndefined();
  expect(await established(on)).toBe('True InitialNamesAccepted');
});

it('a write that somebody else made meanwhile is looked at again', async () => {
  await using on = await builtinCluster();
  let refused = 0;
  on.traffic.beforeWrite = ({ resource, path }) => {
    if (resource !== 'customresourcedefinitions/status' || refused++ > 1) return;
    throw conflict({ group: CRDS.group, resource, name: path }, 'somebody else was first');
  };
  await on.make(CRDS, definitionOf());
  await on.pass(2_000);
  expect([await established(on), refused > 2]).toEqual(['True InitialNamesAccepted', true]);
});
