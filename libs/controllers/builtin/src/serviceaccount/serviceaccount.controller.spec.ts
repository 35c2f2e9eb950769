import type { TestCluster } from '@kubernest/testkit/cluster';
import { expect, it } from 'vitest';
import { builtinCluster } from '../shared/builtin-cluster.fixture.ts';
import { refs } from '../shared/refs.ts';

const accountsIn = async (on: TestCluster, namespace: string) =>
  (await on.all(refs.serviceAccounts, namespace)).map(({ metadata }) => metadata.name);

it('every namespace has its default account, and has it again when it is deleted', async () => {
  await using on = await builtinCluster();
  await on.make(refs.namespaces, { metadata: { name: 'team' } });
  await on.pass(500);
  expect(await accountsIn(on, 'team')).toEqual(['default']);
  await on.admin.resource(refs.serviceAccounts).delete({ namespace: 'team', name: 'default' }, {}, on.ctx);
  await on.pass(500);
  expect(await accountsIn(on, 'team')).toEqual(['default']);
});

it('a namespace that goes gets none', async () => {
  await using on = await builtinCluster();
  await on.make(refs.namespaces, { metadata: { name: 'team' } });
  await on.make(refs.configMaps, { metadata: { name: 'held', namespace: 'team', finalizers: ['example.com/held'] } });
  await on.pass(500);
  await on.admin.resource(refs.namespaces).delete({ name: 'team' }, {}, on.ctx);
  await on.pass(2_000);
  expect(await accountsIn(on, 'team')).toEqual([]);
  expect(
    on.traffic.writes.filter(
      ({ account, path }) => account === 'service-account-controller' && path.includes('/team/'),
    ),
  ).toHaveLength(1);
});
