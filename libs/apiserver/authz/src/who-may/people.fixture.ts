import type { PolicyRule } from '@kubernest/apiserver/contract';
import { admin, type Caller, type TestCluster, testCluster } from '@kubernest/testkit/cluster';

/** What is asked of a path, in the words of authorization. */
export interface Question {
  readonly line: string;
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

export interface Identity {
  readonly caller: Caller;
  readonly may: (question: Omit<Question, 'line'>) => boolean;
}

export const ownNamespace = 'team';
export const otherNamespace = 'other';
const everything = (verbs: readonly string[], more: object = {}) => [
  { verbs, apiGroups: ['*'], resources: ['*'], ...more },
];

const one = (name: string | undefined): boolean => name === 'one';
const ofOneName = ['get', 'list', 'watch', 'deletecollection', 'update'];

/** Who asks, and what they may by their roles alone. */
export const identities: Readonly<Record<string, Identity>> = {
  'owner of a namespace': { caller: { user: 'owner' }, may: ({ namespace }) => namespace === ownNamespace },
  patcher: { caller: { user: 'patcher' }, may: ({ verb }) => verb === 'patch' },
  maker: { caller: { user: 'maker' }, may: ({ verb }) => verb === 'patch' || verb === 'create' },
  updater: { caller: { user: 'updater' }, may: ({ verb }) => verb === 'update' },
  'user of one name': {
    caller: { user: 'watcher' },
    may: ({ verb, name }) => ofOneName.includes(verb) && one(name),
  },
  'user of the whole cluster': { caller: { user: 'everywhere' }, may: () => true },
  nobody: { caller: { user: 'nobody' }, may: () => false },
};

/** The control plane in memory with these identities, two namespaces, and what everybody may. */
export async function peopledApi(): Promise<{ readonly api: TestCluster; readonly everybody: readonly PolicyRule[] }> {
  const api = await testCluster();
  const rbac = 'rbac.authorization.k8s.io';
  await api.grant('everywhere', everything(['*']));
  await api.grant('patcher', everything(['patch']));
  await api.grant('maker', everything(['patch', 'create']));
  await api.grant('updater', everything(['update']));
  await api.grant('watcher', everything(ofOneName, { resourceNames: ['one'] }));
  for (const name of [ownNamespace, otherNamespace]) {
    await api.call(admin, 'POST /api/v1/namespaces', { metadata: { name } });
    await api.call(admin, `POST /api/v1/namespaces/${name}/serviceaccounts`, { metadata: { name: 'default' } });
  }
  await api.call(admin, `POST /apis/${rbac}/v1/namespaces/${ownNamespace}/rolebindings`, {
    metadata: { name: 'owner' },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'everywhere' },
    subjects: [{ apiGroup: rbac, kind: 'User', name: 'owner' }],
  });
  await api.caughtUp();
  const everybody = api.server.core.rulesFor({ username: 'x', groups: ['system:authenticated'] }, '');
  return { api, everybody };
}

export const as = (identity: string, headers: Record<string, string> = {}): Caller => ({
  ...identities[identity]!.caller,
  headers,
});
