import type { TokenAuthority } from '@kubernest/apiserver/authn';
import type { ApiCore, VirtualResource } from '@kubernest/apiserver/contract';
import {
  localSubjectAccessReview,
  selfSubjectAccessReview,
  selfSubjectRulesReview,
  subjectAccessReview,
} from './access-reviews.ts';
import { selfSubjectReview, tokenReview } from './identity-reviews.ts';

export { openIdDocuments } from './openid.ts';

/** Every review there is: questions that are answered and never stored. */
export function accessReviews(core: ApiCore, tokens: TokenAuthority): readonly VirtualResource[] {
  return [
    tokenReview(core, tokens),
    selfSubjectReview,
    subjectAccessReview(core),
    localSubjectAccessReview(core),
    selfSubjectAccessReview(core),
    selfSubjectRulesReview(core),
  ];
}
