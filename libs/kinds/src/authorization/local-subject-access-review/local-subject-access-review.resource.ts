import { define } from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { LocalSubjectAccessReview } from '../../types.ts';

export const localSubjectAccessReviewResource = define<LocalSubjectAccessReview>({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'LocalSubjectAccessReview',
  plural: 'localsubjectaccessreviews',
  singular: 'localsubjectaccessreview',
  namespaced: true,
  schema: apiSchema('authorization/v1', 'LocalSubjectAccessReview'),
  verbs: ['create'],
  virtual: true,
  example: {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'LocalSubjectAccessReview',
    metadata: { namespace: 'default' },
    spec: { user: 'ada', resourceAttributes: { namespace: 'default', verb: 'get', resource: 'pods', name: 'web-1' } },
    status: { allowed: false },
  },
});
