import { define } from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { SelfSubjectAccessReview } from '../../types.ts';

export const selfSubjectAccessReviewResource = define<SelfSubjectAccessReview>({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectAccessReview',
  plural: 'selfsubjectaccessreviews',
  singular: 'selfsubjectaccessreview',
  namespaced: false,
  schema: apiSchema('authorization/v1', 'SelfSubjectAccessReview'),
  verbs: ['create'],
  virtual: true,
  example: {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    metadata: {},
    spec: { resourceAttributes: { namespace: 'default', verb: 'get', resource: 'pods', name: 'web-1' } },
    status: { allowed: false },
  },
});
