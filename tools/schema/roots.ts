/**
 * The types the build starts from, per group as the OpenAPI names spell it; all that they reach is compiled too.
 * One line per group: a new kind adds its name here and the lists of its facts.
 */
export const roots: Readonly<Record<string, readonly string[]>> = {
  'core/v1': [
    'Namespace',
    'Node',
    'Pod',
    'Service',
    'Endpoints',
    'ConfigMap',
    'Secret',
    'ServiceAccount',
    'Event',
    'Binding',
  ],
  'apps/v1': ['ReplicaSet', 'Deployment'],
  'rbac/v1': ['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'],
  'coordination/v1': ['Lease'],
  'certificates/v1': ['CertificateSigningRequest'],
  'discovery/v1': ['EndpointSlice'],
  'events/v1': ['Event'],
  'authentication/v1': ['TokenRequest', 'TokenReview', 'SelfSubjectReview'],
  'authorization/v1': [
    'SubjectAccessReview',
    'SelfSubjectAccessReview',
    'LocalSubjectAccessReview',
    'SelfSubjectRulesReview',
  ],
  'autoscaling/v1': ['Scale'],
  'policy/v1': ['Eviction'],
  'apiextensions/v1': ['CustomResourceDefinition'],
  'apiregistration/v1': ['APIService'],
  'meta/v1': [
    'Status',
    'DeleteOptions',
    'ListMeta',
    'ObjectMeta',
    'WatchEvent',
    'APIVersions',
    'APIGroupList',
    'APIResourceList',
  ],
};
