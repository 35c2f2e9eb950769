import { facts } from '@kubernest/definitions';

/** Wire facts, one line a type; the form is described at `facts`. */
export const rbacFacts = facts(
  'io.k8s.api.rbac.v1',
  `
AggregationRule clusterRoleSelectors=1
ClusterRole aggregationRule=3 metadata=1+ rules=2+
ClusterRoleBinding metadata=1+ roleRef=3+ subjects=2
PolicyRule apiGroups=2 nonResourceURLs=5 resourceNames=4 resources=3 verbs=1+
Role metadata=1+ rules=2+
RoleBinding metadata=1+ roleRef=3+ subjects=2
RoleRef@atomic apiGroup=1+ name=3+ kind=2+
Subject@atomic apiGroup=2 name=3+ namespace=4 kind=1+
`,
);
