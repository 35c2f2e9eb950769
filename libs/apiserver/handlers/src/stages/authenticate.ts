import type { Authenticator, UserInfo } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import { type StatusError, unauthorized } from '@kubernest/meta';
import type { Passage, Stage } from './stage.ts';

export const AUTHENTICATED_GROUP = 'system:authenticated';
export const UNAUTHENTICATED_GROUP = 'system:unauthenticated';
export const ANONYMOUS: UserInfo = { username: 'system:anonymous', groups: [UNAUTHENTICATED_GROUP] };

/** Who is asking, before impersonation. What comes from within the process is proven. */
export const authenticate = (ask: Authenticator['authenticate']): Stage => ({
  enter(passage, ctx) {
    const { loopback } = passage.request.peer;
    if (!loopback) return identify(passage, ask, ctx);
    passage.sender = withAuthenticatedGroup(loopback);
  },
});

async function identify(passage: Passage, ask: Authenticator['authenticate'], ctx: Context): Promise<void> {
  const { request } = passage;
  const user = await ask(request, ctx);
  if (!user && request.headers['authorization']) throw unauthorized();
  passage.sender = user ?? ANONYMOUS;
}

/**
 * Asks one after the other. A credential that its own authenticator refuses is only an error when no other one takes it, and makes nobody
 * a stranger.
 */
export function authenticateWith(authenticators: readonly Authenticator[]): Authenticator['authenticate'] {
  return async (request, ctx) => {
    let refusal: StatusError | undefined;
    for (const authenticator of authenticators) {
      try {
        const answer = authenticator.authenticate(request, ctx);
        const user = answer instanceof Promise ? await answer : answer;
        if (user && refusal && user.groups.includes(UNAUTHENTICATED_GROUP)) break;
        if (user) return withAuthenticatedGroup(user);
      } catch (error) {
        if ((error as StatusError).code !== 401) throw error;
        refusal ??= error as StatusError;
      }
    }
    if (refusal) throw refusal;
    return undefined;
  };
}

/** Whoever calls himself as strangers are called is none of those who were recognized. */
export function withAuthenticatedGroup(user: UserInfo): UserInfo {
  const { username, groups } = user;
  if (username === ANONYMOUS.username || groups.includes(AUTHENTICATED_GROUP) || groups.includes(UNAUTHENTICATED_GROUP))
    return user;
  return { ...user, groups: [...groups, AUTHENTICATED_GROUP] };
}
