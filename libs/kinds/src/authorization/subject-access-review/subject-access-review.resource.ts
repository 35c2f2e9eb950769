import { define } from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { SubjectAccessReview } from '../../types.ts';

export const subjectAccessReviewResource = define<SubjectAccessReview>({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SubjectAccessReview',
  plural: 'subjectaccessreviews',
  singular: 'subjectaccessreview',
  namespaced: false,
  schema: apiSchema('authorization/v1', 'SubjectAccessReview'),
  verbs: ['create'],
  virtual: true,
  example: {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    metadata: {},
    spec: {
      user: 'ada',
      groups: ['system:authenticated'],
      resourceAttributes: { namespace: 'default', verb: 'get', resource: 'pods', name: 'web-1' },
    },
    status: { allowed: false },
  },
});
