import { builtinKinds } from '@kubernest/kinds';
import { expect, it } from 'vitest';
import type { ResourceDefinition } from '../definition.ts';
import {
  aggregatedDiscovery,
  apiGroup,
  apiGroupList,
  apiResourceList,
  apiVersions,
  compareVersions,
  discoveredGroups,
  groupsOf,
} from './index.ts';

const token = {
  of: { group: '', resource: 'serviceaccounts' },
  name: 'token',
  verbs: ['create'],
  body: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
};
const exec = { of: { group: '', resource: 'pods' }, name: 'exec', verbs: ['create'], options: 'PodExecOptions' };
const log = { of: { group: '', resource: 'pods' }, name: 'log', verbs: ['get'] };

it('orders versions by how settled they are', () => {
  const versions = ['v1alpha1', 'v10', 'foo1', 'v1beta2', 'v2', 'v1', 'v11beta1', 'bar2'];
  expect(versions.sort(compareVersions)).toEqual([
    'v10',
    'v2',
    'v1',
    'v11beta1',
    'v1beta2',
    'v1alpha1',
    'bar2',
    'foo1',
  ]);
});

it('tells of the core group at /api and of all others at /apis', () => {
  expect(apiVersions(builtinKinds, '192.0.2.1:6443')).toMatchObject({
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ serverAddress: '192.0.2.1:6443' }],
  });
  const names = apiGroupList(groupsOf(builtinKinds)).groups.map((group) => group.name);
  expect(names.slice(0, 3)).toEqual(['apiregistration.k8s.io', 'apps', 'events.k8s.io']);
  expect(names).not.toContain('');
  expect(apiGroup(groupsOf(builtinKinds), 'apps')?.preferredVersion).toEqual({
    groupVersion: 'apps/v1',
    version: 'v1',
  });
  expect(apiGroup(groupsOf(builtinKinds), 'nothing.test')).toBeUndefined();
});

it('lists a resource with its names, verbs, and the hash of its storage version', () => {
  const list = apiResourceList(builtinKinds, [log, token], { group: '', version: 'v1' })!;
  const named = (name: string) => list.resources.find((resource) => resource.name === name);
  expect(named('pods')).toEqual({
    name: 'pods',
    singularName: 'pod',
    namespaced: true,
    kind: 'Pod',
    verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
    shortNames: ['po'],
    categories: ['all'],
    storageVersionHash: 'xPOwRZ+Yhw8=',
  });
  expect(named('pods/log')).toMatchObject({ kind: 'Pod', verbs: ['get'], singularName: '' });
  expect(named('pods/status')).toMatchObject({ kind: 'Pod', verbs: ['get', 'patch', 'update'] });
  expect(named('serviceaccounts/token')).toMatchObject({
    group: 'authentication.k8s.io',
    version: 'v1',
    kind: 'TokenRequest',
  });
  expect(apiResourceList(builtinKinds, [], { group: 'apps', version: 'v2' })).toBeUndefined();
});

it.each<[string, Partial<ResourceDefinition>, readonly string[]]>([
  ['', {}, ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']],
  [' that goes', { takesNoNew: 'it goes' }, ['delete', 'deletecollection', 'get', 'list', 'watch']],
])('lists the verbs of a custom kind%s in an order of their own', (_which, how, verbs) => {
  const custom = {
    ...builtinKinds.find(({ kind }) => kind === 'ConfigMap')!,
    ...how,
    customSchema: {} as NonNullable<ResourceDefinition['customSchema']>,
  };
  const { group, version, plural } = custom;
  expect(apiResourceList([custom], [], { group, version })!.resources[0]).toMatchObject({ verbs });
  const [found] = discoveredGroups([custom], [], group === '' ? 'core' : 'groups');
  expect(found!.versions[0]!.resources).toMatchObject([{ resource: plural, verbs }]);
});

it('lists the scale of a deployment as a kind of another group', () => {
  const list = apiResourceList(builtinKinds, [], { group: 'apps', version: 'v1' })!;
  expect(list.resources.find((resource) => resource.name === 'deployments/scale')).toMatchObject({
    group: 'autoscaling',
    version: 'v1',
    kind: 'Scale',
  });
});

it('gives everything at once in the aggregated form, a CRD like any other', () => {
  const crd: ResourceDefinition = { ...builtinKinds[0]!, group: 'example.test', version: 'v1beta1', plural: 'widgets' };
  const document = aggregatedDiscovery(discoveredGroups([...builtinKinds, crd], [log], 'groups'));
  expect(document.apiVersion).toBe('apidiscovery.k8s.io/v2');
  const items = document.items.map((item) => item.metadata.name);
  expect(items).toEqual([...new Set(items)]);
  expect(items.at(-1)).toBe('example.test');
  const core = aggregatedDiscovery(discoveredGroups(builtinKinds, [log], 'core'));
  const pods = core.items[0]!.versions[0]!.resources.find(({ resource }) => resource === 'pods')!;
  expect(pods).toMatchObject({
    scope: 'Namespaced',
    responseKind: { group: '', version: '', kind: 'Pod' },
    subresources: [
      { subresource: 'log', verbs: ['get'] },
      { subresource: 'status', verbs: ['get', 'patch', 'update'] },
    ],
  });
});

it('names what a subresource takes, and of a custom kind even its own group', () => {
  const kinds = discoveredGroups(builtinKinds, [exec, token], 'core')[0]!.versions[0]!.resources;
  const of = (name: string) => kinds.find(({ resource }) => resource === name)!.subresources!;
  expect(of('pods').map(({ responseKind }) => responseKind)).toContainEqual({
    group: '',
    version: '',
    kind: 'PodExecOptions',
  });
  expect(of('serviceaccounts').map(({ responseKind }) => responseKind)).toContainEqual(token.body);
  const list = apiResourceList(builtinKinds, [exec], { group: '', version: 'v1' })!;
  expect(list.resources.find(({ name }) => name === 'pods/exec')).toMatchObject({ kind: 'PodExecOptions' });
  const deployment = builtinKinds.find(({ kind }) => kind === 'Deployment')!;
  const custom = { ...deployment, group: 'example.test', customSchema: {} } as unknown as ResourceDefinition;
  const widget = discoveredGroups([custom], [], 'groups')[0]!.versions[0]!.resources[0]!;
  expect(widget.responseKind).toEqual({ group: 'example.test', version: 'v1', kind: 'Deployment' });
  expect(widget.subresources!.map(({ responseKind }) => responseKind)).toEqual([
    { group: 'autoscaling', version: 'v1', kind: 'Scale' },
    { group: 'example.test', version: 'v1', kind: 'Deployment' },
  ]);
});
