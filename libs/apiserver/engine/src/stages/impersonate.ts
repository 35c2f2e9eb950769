import type { Context } from '@kubernest/kit';
import { badRequest } from '@kubernest/meta';
import type { ApiRequest, Authorizer, RequestInfo, UserInfo } from '../contract/index.ts';
import { ANONYMOUS, AUTHENTICATED_GROUP, UNAUTHENTICATED_GROUP } from './authenticate.ts';
import { refusal } from './authorize.ts';

const EXTRA = 'impersonate-extra-';
const accountForm = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** The user a request acts as: whom its Impersonate headers name, if the sender may impersonate each part of that identity. */
export async function impersonate(
  request: ApiRequest,
  user: UserInfo,
  authorize: Authorizer['authorize'],
  ctx: Context,
): Promise<UserInfo> {
  const wanted = requested(request.headers);
  if (!wanted) return user;
  for (const part of partsOf(wanted)) {
    const info = impersonation(request.path, part);
    const decision = await authorize({ user, info }, ctx);
    if (decision.verdict !== 'allow') throw refusal(user, info, decision.reason);
  }
  return effective(wanted);
}

interface Part {
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
  readonly namespace: string | undefined;
}

function requested(headers: ApiRequest['headers']): UserInfo | undefined {
  const username = headers['impersonate-user'];
  const uid = headers['impersonate-uid'];
  const groups = split(headers['impersonate-group']);
  const extra: Record<string, readonly string[]> = {};
  for (const name in headers) {
    if (name.startsWith(EXTRA)) extra[unescaped(name.slice(EXTRA.length))] = split(headers[name]);
  }
  if (!username) {
    if (uid || groups.length > 0 || Object.keys(extra).length > 0) {
      throw badRequest(
        'requested a uid, groups or extra to impersonate without impersonating a user: send Impersonate-User as well',
      );
    }
    return undefined;
  }
  return { username, groups, ...(uid ? { uid } : {}), ...(Object.keys(extra).length > 0 ? { extra } : {}) };
}

/** What a header's name cannot hold is percent-encoded; what is not, is meant as it stands. */
function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** Repeated headers arrive joined by a comma and a space. */
const split = (value: string | undefined): string[] => (value ? value.split(', ').filter((part) => part !== '') : []);

function partsOf(user: UserInfo): Part[] {
  const account = accountForm.exec(user.username);
  const part = (resource: string, name: string, more: Partial<Part> = {}): Part => ({
    group: '',
    resource,
    subresource: '',
    name,
    namespace: undefined,
    ...more,
  });
  const authentication = { group: 'authentication.k8s.io' };
  return [
    account ? part('serviceaccounts', account[2]!, { namespace: account[1] }) : part('users', user.username),
    ...user.groups.map((group) => part('groups', group)),
    ...(user.uid ? [part('uids', user.uid, authentication)] : []),
    ...Object.entries(user.extra ?? {}).flatMap(([key, values]) =>
      values.map((value) => part('userextras', value, { ...authentication, subresource: key })),
    ),
  ];
}

const impersonation = (path: string, part: Part): RequestInfo => ({
  isResource: true,
  verb: 'impersonate',
  path,
  version: 'v1',
  rest: [],
  ...part,
});

/**
 * A service account gets the groups its token would carry. Everybody is authenticated but the anonymous user, and whoever is said not to
 * be.
 */
function effective(user: UserInfo): UserInfo {
  const account = accountForm.exec(user.username);
  const given =
    user.groups.length === 0 && account
      ? ['system:serviceaccounts', `system:serviceaccounts:${account[1]}`]
      : user.groups;
  const isAnonymous = user.username === ANONYMOUS.username;
  const settled = isAnonymous ? [UNAUTHENTICATED_GROUP] : [AUTHENTICATED_GROUP, UNAUTHENTICATED_GROUP];
  return given.some((group) => settled.includes(group))
    ? { ...user, groups: given }
    : { ...user, groups: [...given, settled[0]!] };
}
