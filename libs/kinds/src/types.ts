/** The built-in kinds as the wire has them; of what they are made of, the types are in `@kubernest/api-types/<group>/<version>`. */
export type { CustomResourceDefinition } from '@kubernest/api-types/apiextensions/v1';
export type { APIService, APIServiceCondition } from '@kubernest/api-types/apiregistration/v1';
export type { Deployment, ReplicaSet } from '@kubernest/api-types/apps/v1';
export type { SelfSubjectReview, TokenRequest, TokenReview } from '@kubernest/api-types/authentication/v1';
export type {
  LocalSubjectAccessReview,
  SelfSubjectAccessReview,
  SelfSubjectRulesReview,
  SubjectAccessReview,
} from '@kubernest/api-types/authorization/v1';
export type { Scale } from '@kubernest/api-types/autoscaling/v1';
export type { CertificateSigningRequest } from '@kubernest/api-types/certificates/v1';
export type { Lease } from '@kubernest/api-types/coordination/v1';
export type {
  Binding,
  ConfigMap,
  Endpoints,
  Event as CoreEvent,
  Namespace,
  Node,
  Pod,
  Secret,
  Service,
  ServiceAccount,
} from '@kubernest/api-types/core/v1';
export type { EndpointSlice } from '@kubernest/api-types/discovery/v1';
export type { Event as EventsEvent } from '@kubernest/api-types/events/v1';
export type { Eviction } from '@kubernest/api-types/policy/v1';
export type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from '@kubernest/api-types/rbac/v1';
