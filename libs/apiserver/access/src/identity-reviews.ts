import type { TokenReview } from '@kubernest/api-types/authentication/v1';
import type { TokenAuthority } from '@kubernest/apiserver/authn';
import type { ApiCore, UserInfo, VirtualResource } from '@kubernest/apiserver/contract';
import { badRequest, type KubeObject, StatusError } from '@kubernest/meta';

const ref = (resource: string) => ({ group: 'authentication.k8s.io', version: 'v1', resource });

const userStatus = ({ username, uid, groups, extra }: UserInfo) => ({
  username,
  ...(uid ? { uid } : {}),
  groups,
  ...(extra ? { extra } : {}),
});

/** Whose token is this? A token that is nobody's is an answer, not an error. */
export function tokenReview(core: Pick<ApiCore, 'read' | 'authenticate'>, tokens: TokenAuthority): VirtualResource {
  return {
    ref: ref('tokenreviews'),
    async answer(object, call, ctx) {
      const { token = '', audiences = [] } = (object as TokenReview).spec ?? {};
      if (token === '') throw badRequest('token is required for TokenReview in authentication');
      const wanted = audiences.length > 0 ? audiences : tokens.audiences;
      const review = await tokens.review(token, wanted, core.read, ctx);
      if (review.verdict === 'valid')
        return reviewed(object, { authenticated: true, user: userStatus(review.user), audiences: review.audiences });
      if (review.verdict === 'invalid') return refused(object, review.reason);
      const user = await other(token, call.request, core, ctx);
      if (!user) return refused(object);
      const meant = wanted.filter((audience) => tokens.audiences.includes(audience));
      if (meant.length === 0) return refused(object, 'token is not for these audiences');
      return reviewed(object, { authenticated: true, user: userStatus(user), audiences: meant });
    },
  };
}

/** compat: every authenticator's complaint in one list; the first is of those that do not know the token at all. */
const refused = (object: KubeObject, reason?: string): KubeObject =>
  reviewed(object, { user: {}, error: reason ? `[invalid bearer token, ${reason}]` : 'invalid bearer token' });

const reviewed = (object: KubeObject, status: Record<string, unknown>): KubeObject =>
  ({ ...object, status }) as KubeObject;

/** A token that is not a service account's: whoever else knows tokens is asked, as if it had come with a request. */
async function other(
  token: string,
  request: Parameters<ApiCore['authenticate']>[0],
  core: Pick<ApiCore, 'authenticate'>,
  ctx: Parameters<ApiCore['authenticate']>[1],
): Promise<UserInfo | undefined> {
  // What a header would end at a space is no token.
  if (/\s/.test(token)) return undefined;
  const bearing = {
    ...request,
    headers: { authorization: `Bearer ${token}` },
    peer: { address: request.peer.address },
  };
  try {
    const user = await core.authenticate(bearing, ctx);
    return user?.username === 'system:anonymous' ? undefined : user;
  } catch (error) {
    // Of a token that could not be looked up nobody knows whose it is.
    if (error instanceof StatusError && error.code === 401) return undefined;
    throw error;
  }
}

/** Who am I? */
export const selfSubjectReview: VirtualResource = {
  ref: ref('selfsubjectreviews'),
  answer: async (object, { user }) => reviewed(object, { userInfo: userStatus(user) }),
};
