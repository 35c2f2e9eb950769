import { define } from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { TokenReview } from '../../types.ts';

export const tokenReviewResource = define<TokenReview>({
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'TokenReview',
  plural: 'tokenreviews',
  singular: 'tokenreview',
  namespaced: false,
  schema: apiSchema('authentication/v1', 'TokenReview'),
  verbs: ['create'],
  virtual: true,
  example: {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenReview',
    metadata: {},
    spec: { token: 'abc', audiences: ['api'] },
    status: { authenticated: true, user: { username: 'ada' } },
  },
});
