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
      resourceRules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }],
    },
  },
});
