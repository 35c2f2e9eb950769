import type { ClusterRole } from '@kubernest/kinds';
import type { TestCluster } from '@kubernest/testkit/cluster';
import { expect, it } from 'vitest';
import { builtinCluster } from '../shared/builtin-cluster.fixture.ts';
import { refs } from '../shared/refs.ts';

const rule = (resource: string) => ({ apiGroups: [''], resources: [resource], verbs: ['get'] });
const part = (name: string, labels: Record<string, string>, ...resources: string[]): ClusterRole => ({
  metadata: { name, labels },
  rules: resources.map(rule),
});
const whole = (...keys: string[]): ClusterRole => ({
  metadata: { name: 'whole', labels: { a: 'yes' } },
  aggregationRule: { clusterRoleSelectors: keys.map((key) => ({ matchLabels: { [key]: 'yes' } })) },
  rules: [],
});
const resources = async (on: TestCluster) =>
  (await on.find<ClusterRole>(refs.clusterRoles, 'whole'))?.rules?.flatMap((one) => one.resources);

it('a role has the rules of those that any of its selectors names, by name, each once, and not its own', async () => {
  await using on = await builtinCluster();
  for (const role of [
    part('z', { a: 'yes' }, 'pods'),
    part('b', { b: 'yes' }, 'secrets', 'pods'),
    part('other', { c: 'yes' }, 'nodes'),
    whole('a', 'b'),
  ])
    await on.make(refs.clusterRoles, role);
  await on.pass(500);
  expect(await resources(on)).toEqual(['secrets', 'pods']);
});

it('follows its parts as they come, change and go; what is written into it by hand is undone', async () => {
  await using on = await builtinCluster();
  const api = on.admin.resource<ClusterRole>(refs.clusterRoles);
  const edit = (name: string, body: object) => api.patch({ name }, { type: 'merge', body: body as never }, {}, on.ctx);
  await on.make(refs.clusterRoles, whole('a'));
  await on.make(refs.clusterRoles, part('x', { a: 'yes' }, 'pods'));
  await on.pass(500);
  expect(await resources(on)).toEqual(['pods']);
  await edit('x', { rules: [rule('nodes')] });
  await on.pass(500);
  expect(await resources(on)).toEqual(['nodes']);
  await edit('whole', { rules: [rule('secrets')] });
  await on.pass(500);
  expect(await resources(on)).toEqual(['nodes']);
  await api.delete({ name: 'x' }, {}, on.ctx);
  await on.pass(500);
  expect(await resources(on)).toEqual([]);
});

it('leaves alone what does not aggregate', async () => {
  await using on = await builtinCluster();
  await on.make(refs.clusterRoles, part('plain', { a: 'yes' }, 'pods'));
  await on.pass(500);
  expect(on.traffic.writes.filter(({ path }) => path.endsWith('/plain'))).toEqual([]);
});
