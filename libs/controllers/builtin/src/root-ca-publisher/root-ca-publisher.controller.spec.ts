import type { ConfigMap } from '@kubernest/kinds';
import type { TestCluster } from '@kubernest/testkit/cluster';
import { expect, it } from 'vitest';
import { builtinCluster } from '../shared/builtin-cluster.fixture.ts';
import { refs } from '../shared/refs.ts';

const NAME = 'kube-root-ca.crt';
const published = async (on: TestCluster, namespace: string) =>
  (await on.all<ConfigMap>(refs.configMaps, namespace)).find(({ metadata }) => metadata.name === NAME)?.data;

it('every namespace has the CA; changes are undone, and what is deleted comes back', async () => {
  await using on = await builtinCluster();
  await on.make(refs.namespaces, { metadata: { name: 'team' } });
  await on.pass(500);
  expect([await published(on, 'team'), await published(on, 'kube-system')]).toEqual([
    { 'ca.crt': 'PEM' },
    { 'ca.crt': 'PEM' },
  ]);
  await on.patch(refs.configMaps, NAME, { data: { 'ca.crt': 'forged', more: 'x' } });
  await on.pass(500);
  expect(await published(on, 'default')).toEqual({ 'ca.crt': 'PEM' });
  await on.admin.resource(refs.configMaps).delete({ namespace: 'team', name: NAME }, {}, on.ctx);
  await on.pass(500);
  expect(await published(on, 'team')).toEqual({ 'ca.crt': 'PEM' });
});

it('what people note on it stays', async () => {
  await using on = await builtinCluster();
  await on.pass(500);
  await on.patch(refs.configMaps, NAME, { metadata: { annotations: { note: 'x' } }, data: { 'ca.crt': 'forged' } });
  await on.pass(500);
  const [map] = (await on.all<ConfigMap>(refs.configMaps, 'default')).filter(({ metadata }) => metadata.name === NAME);
  expect([map?.metadata.annotations?.note, map?.data]).toEqual(['x', { 'ca.crt': 'PEM' }]);
});
