import { define } from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { SelfSubjectReview } from '../../types.ts';

export const selfSubjectReviewResource = define<SelfSubjectReview>({
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectReview',
  plural: 'selfsubjectreviews',
  singular: 'selfsubjectreview',
  namespaced: false,
  schema: apiSchema('authentication/v1', 'SelfSubjectReview'),
  verbs: ['create'],
  virtual: true,
  example: {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'SelfSubjectReview',
    metadata: {},
    status: {
      userInfo: { username: 'ada', groups: ['system:authenticated'], extra: { 'example.test/team': ['red'] } },
    },
  },
});
