import type { ApiCore, Authenticator } from '@kubernest/apiserver/contract';
import { unauthorized } from '@kubernest/meta';
import { bearerToken } from './bearer.ts';
import type { TokenAuthority, TokenReview } from './service-account-tokens.ts';

/** Bearer tokens that this cluster gave to its service accounts. */
export function serviceAccountAuthenticator(tokens: TokenAuthority, core: Pick<ApiCore, 'read'>): Authenticator {
  const decide = (review: TokenReview) => {
    if (review.verdict === 'invalid') throw unauthorized();
    return review.verdict === 'valid' ? review.user : undefined;
  };
  return {
    name: 'service-account',
    authenticate(request, ctx) {
      const token = bearerToken(request);
      if (token === undefined) return undefined;
      const review = tokens.review(token, tokens.audiences, core.read, ctx);
      return review instanceof Promise ? review.then(decide) : decide(review);
    },
  };
}
