import type { Authenticator, UserInfo } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import { onceDone, type StatusError, unauthorized } from '@kubernest/meta';
import type { Passage, Stage } from './stage.ts';

type Asked = ReturnType<Authenticator['authenticate']>;

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

function identify(passage: Passage, ask: Authenticator['authenticate'], ctx: Context): Promise<void> | void {
  const { request } = passage;
  return onceDone(ask(request, ctx), (user) => {
    if (!user && request.headers['authorization']) throw unauthorized();
    passage.sender = user ?? ANONYMOUS;
  });
}

/**
 * Asks one after the other. A credential that its own authenticator refuses is only an error when no other one takes it, and makes nobody
 * a stranger.
 */
export function authenticateWith(authenticators: readonly Authenticator[]): Authenticator['authenticate'] {
  return (request, ctx) => {
    let refusal: StatusError | undefined;
    const refused = (error: unknown): undefined => {
      if ((error as StatusError).code !== 401) throw error;
      refusal ??= error as StatusError;
    };
    const ask = (authenticator: Authenticator): Asked => {
      try {
        const answer = authenticator.authenticate(request, ctx);
        return answer instanceof Promise ? answer.catch(refused) : answer;
      } catch (error) {
        return refused(error);
      }
    };
    const from = (at: number): Asked => {
      const authenticator = authenticators[at];
      if (!authenticator) return recognized(undefined, refusal);
      return onceDone(ask(authenticator), (user) => (user ? recognized(user, refusal) : from(at + 1)));
    };
    return from(0);
  };
}

function recognized(user: UserInfo | undefined, refusal: StatusError | undefined): UserInfo | undefined {
  if (refusal && (!user || user.groups.includes(UNAUTHENTICATED_GROUP))) throw refusal;
  return user && withAuthenticatedGroup(user);
}

/** Whoever calls himself as strangers are called is none of those who were recognized. */
export function withAuthenticatedGroup(user: UserInfo): UserInfo {
  const { username, groups } = user;
  if (username === ANONYMOUS.username || groups.includes(AUTHENTICATED_GROUP) || groups.includes(UNAUTHENTICATED_GROUP))
    return user;
  return { ...user, groups: [...groups, AUTHENTICATED_GROUP] };
}
