import type { Context } from '@kubernest/kit';
import { forbidden, StatusError, unauthorized } from '@kubernest/meta';
import type { RequestInfo, UserInfo } from './request.ts';
import type { Authorizer } from './security.ts';

/** Throws 403 in the words clients know (401 never comes from here: the anonymous user is refused like any other). */
export async function mustBeAllowed(
  user: UserInfo,
  info: RequestInfo,
  authorize: Authorizer['authorize'],
  ctx: Context,
): Promise<void> {
  const decision = await authorize({ user, info }, ctx);
  if (decision.verdict !== 'allow') throw notAllowed(user, info, decision.reason);
}

/** The 403 for what an authorizer does not allow, in the words clients know. */
export function notAllowed(user: UserInfo, info: RequestInfo, reason: string): StatusError {
  if (user.username === '') return unauthorized();
  const tail = reason ? `: ${reason}` : '';
  if (!info.isResource) {
    const message = `forbidden: User "${user.username}" cannot ${info.verb} path "${info.path}"${tail}`;
    return new StatusError(403, 'Forbidden', message, {});
  }
  const resource = info.subresource ? `${info.resource}/${info.subresource}` : info.resource;
  const scope = info.namespace ? ` in the namespace "${info.namespace}"` : ' at the cluster scope';
  return forbidden(
    { group: info.group, resource: info.resource, ...(info.name === undefined ? {} : { name: info.name }) },
    `User "${user.username}" cannot ${info.verb} resource "${resource}" in API group "${info.group}"${scope}${tail}`,
  );
}
