import { admin, type TestCluster, testCluster } from '@kubernest/testkit/cluster';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reconcileDefaults } from './reconcile-defaults.ts';

let api: TestCluster;
beforeAll(async () => {
  api = await testCluster();
});
afterAll(() => api[Symbol.asyncDispose]());

const rbac = '/apis/rbac.authorization.k8s.io/v1';
const get = async (path: string) => (await api.call(admin, `GET ${rbac}/${path}`)).object;
/** It looks into the cache, which hears of a write a moment later: a list waits for all that was written. */
async function restart(): Promise<void> {
  await Promise.all([get('clusterroles'), get('clusterrolebindings')]);
  await reconcileDefaults(api.server.core, [], api.ctx);
}
const patch = (path: string, body: object) => api.call(admin, `PATCH ${rbac}/${path}`, body);

it('a start that finds everything writes nothing', async () => {
  const versions = async () =>
    (await get('clusterroles')).items.map((role: { metadata: object }) => JSON.stringify(role.metadata));
  const before = await versions();
  await restart();
  expect(await versions()).toEqual(before);
});

it('what is missing comes back, and what people added stays', async () => {
  const mine = { verbs: ['get'], apiGroups: [''], resources: ['configmaps'] };
  const path = 'clusterroles/system:basic-user';
  await patch(path, { metadata: { labels: { mine: 'yes', 'kubernetes.io/bootstrapping': null } }, rules: [mine] });
  await restart();
  const { metadata, rules } = await get(path);
  expect(metadata.labels).toEqual({ mine: 'yes', 'kubernetes.io/bootstrapping': 'rbac-defaults' });
  expect(rules[0]).toEqual(mine);
  expect(rules).toContainEqual({
    verbs: ['create'],
    apiGroups: ['authentication.k8s.io'],
    resources: ['selfsubjectreviews'],
  });
});

it('a subject that was taken out comes back beside those who were added', async () => {
  const path = 'clusterrolebindings/system:discovery';
  const eve = { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'eve' };
  await patch(path, { subjects: [eve] });
  await restart();
  expect((await get(path)).subjects.map((subject: { name: string }) => subject.name)).toEqual([
    'eve',
    'system:authenticated',
  ]);
});

it('a selector that was taken out comes back beside those that were added', async () => {
  const path = 'clusterroles/view';
  const own = { matchLabels: { mine: 'yes' } };
  await patch(path, { aggregationRule: { clusterRoleSelectors: [own] } });
  await restart();
  expect((await get(path)).aggregationRule.clusterRoleSelectors).toEqual([
    own,
    { matchLabels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } },
  ]);
});

it('a binding to another role is made anew', async () => {
  const path = 'clusterrolebindings/system:basic-user';
  const { metadata, roleRef, subjects } = await get(path);
  await api.call(admin, `DELETE ${rbac}/${path}`);
  await api.call(admin, `POST ${rbac}/clusterrolebindings`, {
    metadata: { name: metadata.name },
    subjects,
    roleRef: { ...roleRef, name: 'cluster-admin' },
  });
  await restart();
  expect((await get(path)).roleRef).toEqual(roleRef);
});

it('what asks to be left alone is', async () => {
  const path = 'clusterroles/system:monitoring';
  const annotations = { 'rbac.authorization.kubernetes.io/autoupdate': 'false' };
  await patch(path, { metadata: { annotations }, rules: null });
  await restart();
  expect((await get(path)).rules ?? []).toEqual([]);
});
