import { define } from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { SelfSubjectRulesReview } from '../../types.ts';

export const selfSubjectRulesReviewResource = define<SelfSubjectRulesReview>({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectRulesReview',
  plural: 'selfsubjectrulesreviews',
  singular: 'selfsubjectrulesreview',
  namespaced: false,
  schema: apiSchema('authorization/v1', 'SelfSubjectRulesReview'),
  verbs: ['create'],
  virtual: true,
  example: {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectRulesReview',
    metadata: {},
    spec: { namespace: 'default' },
    status: {
      incomplete: false,
      nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/version'] }],
      // The declarations of this type lack the verbs and resources, which it has.
      resourceRules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] } as object],
    },
  },
});
