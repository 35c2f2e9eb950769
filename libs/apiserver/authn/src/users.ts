import type { UserInfo } from '@kubernest/apiserver/contract';

export const mastersGroup = 'system:masters';
export const authenticatedGroup = 'system:authenticated';
export const unauthenticatedGroup = 'system:unauthenticated';
export const nodesGroup = 'system:nodes';
export const serviceAccountsGroup = 'system:serviceaccounts';
export const anonymousName = 'system:anonymous';
export const nodeNamePrefix = 'system:node:';

const serviceAccountPrefix = 'system:serviceaccount:';

export const anonymousUser: UserInfo = Object.freeze({ username: anonymousName, groups: [unauthenticatedGroup] });

export function serviceAccountUsername(namespace: string, name: string): string {
  return `${serviceAccountPrefix}${namespace}:${name}`;
}

export function serviceAccountGroups(namespace: string): readonly string[] {
  return [serviceAccountsGroup, `${serviceAccountsGroup}:${namespace}`, authenticatedGroup];
}

/** The identity that a controller of this process acts under. */
export function serviceAccountUser(namespace: string, name: string, uid?: string): UserInfo {
  return {
    username: serviceAccountUsername(namespace, name),
    ...(uid === undefined ? {} : { uid }),
    groups: serviceAccountGroups(namespace),
  };
}

/** The namespace and name in a service account's user name; undefined for other users. */
export function parseServiceAccountUsername(username: string): { namespace: string; name: string } | undefined {
  if (!username.startsWith(serviceAccountPrefix)) return undefined;
  const [namespace, name, ...more] = username.slice(serviceAccountPrefix.length).split(':');
  return namespace && name && more.length === 0 ? { namespace, name } : undefined;
}

/** A kubelet's identity: the name alone makes none, nor does the group. */
export function isNode(user: UserInfo): boolean {
  return user.username.startsWith(nodeNamePrefix) && user.groups.includes(nodesGroup);
}

/** The node that a kubelet's identity stands for; undefined for other users. */
export function nodeNameOf(user: UserInfo): string | undefined {
  return isNode(user) ? user.username.slice(nodeNamePrefix.length) || undefined : undefined;
}

/** Everyone who was recognized belongs to `system:authenticated`; nobody who was not. */
export function authenticated(user: UserInfo): UserInfo {
  const known = user.groups.includes(authenticatedGroup) || user.groups.includes(unauthenticatedGroup);
  return known || user.username === anonymousName ? user : { ...user, groups: [...user.groups, authenticatedGroup] };
}
