import type { Context } from '@kubernest/kit';
import { badRequest } from '@kubernest/meta';
import type { ApiRequest, Authorizer, RequestInfo, UserInfo } from '../contract/index.ts';
import { ANONYMOUS, AUTHENTICATED_GROUP, UNAUTHENTICATED_GROUP } from './authenticate.ts';
import { refusal } from './authorize.ts';

const PREFIX = 'impersonate-';
const EXTRA = `${PREFIX}extra-`;
const accountForm = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** The user a request acts as: whom its Impersonate headers name, if the sender may impersonate each part of that identity. */
export async function impersonate(
  request: ApiRequest,
  user: UserInfo,
  authorize: Authorizer['authorize'],
  ctx: Context,
): Promise<UserInfo> {
  const wanted = requested(request);
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

function requested(request: ApiRequest): UserInfo | undefined {
  const names: string[] = [];
  for (const name in request.headers) if (name.startsWith(PREFIX)) names.push(name);
  if (names.length === 0) return undefined;
  const username = valuesOf(request, 'impersonate-user')[0] ?? '';
  const uid = valuesOf(request, 'impersonate-uid')[0] ?? '';
  const groups = valuesOf(request, 'impersonate-group');
  // A map, and own properties made from it: any name is a key, `__proto__` as well.
  const extra = new Map<string, readonly string[]>();
  for (const name of names.filter((each) => each.startsWith(EXTRA))) {
    const key = unescaped(name.slice(EXTRA.length));
    extra.set(key, [...(extra.get(key) ?? []), ...valuesOf(request, name)]);
  }
  if (username === '') {
    if (uid === '' && groups.length === 0 && extra.size === 0) return undefined;
    throw badRequest(
      'requested a uid, groups or extra to impersonate without impersonating a user: send Impersonate-User as well',
    );
  }
  return {
    username,
    groups,
    ...(uid === '' ? {} : { uid }),
    ...(extra.size > 0 ? { extra: Object.fromEntries(extra) } : {}),
  };
}

/** What a header's name cannot hold is percent-encoded; what is not, is meant as it stands. */
function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** A header that was sent several times has several values; without the connection's own record they are joined by a comma and a space. */
function valuesOf({ http, headers }: ApiRequest, name: string): readonly string[] {
  const joined = headers[name];
  if (joined === undefined) return [];
  return http?.headersDistinct[name] ?? joined.split(', ');
}

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
