import type { ResourceDefinition } from '@kubernest/definitions';
import { customResourceDefinitionResource } from './apiextensions/custom-resource-definition/custom-resource-definition.resource.ts';
import { apiServiceResource } from './apiregistration/api-service/api-service.resource.ts';
import { deploymentResource } from './apps/deployment/deployment.resource.ts';
import { replicaSetResource } from './apps/replica-set/replica-set.resource.ts';
import { selfSubjectReviewResource } from './authentication/self-subject-review/self-subject-review.resource.ts';
import { tokenReviewResource } from './authentication/token-review/token-review.resource.ts';
import { localSubjectAccessReviewResource } from './authorization/local-subject-access-review/local-subject-access-review.resource.ts';
import { selfSubjectAccessReviewResource } from './authorization/self-subject-access-review/self-subject-access-review.resource.ts';
import { selfSubjectRulesReviewResource } from './authorization/self-subject-rules-review/self-subject-rules-review.resource.ts';
import { subjectAccessReviewResource } from './authorization/subject-access-review/subject-access-review.resource.ts';
import { certificateSigningRequestResource } from './certificates/certificate-signing-request/certificate-signing-request.resource.ts';
import { leaseResource } from './coordination/lease/lease.resource.ts';
import { configMapResource } from './core/config-map/config-map.resource.ts';
import { endpointsResource } from './core/endpoints/endpoints.resource.ts';
import { eventResource } from './core/event/event.resource.ts';
import { namespaceResource } from './core/namespace/namespace.resource.ts';
import { nodeResource } from './core/node/node.resource.ts';
import { podResource } from './core/pod/pod.resource.ts';
import { secretResource } from './core/secret/secret.resource.ts';
import { serviceResource } from './core/service/service.resource.ts';
import { serviceAccountResource } from './core/service-account/service-account.resource.ts';
import { endpointSliceResource } from './discovery/endpoint-slice/endpoint-slice.resource.ts';
import { eventsEventResource } from './events/event/event.resource.ts';
import { clusterRoleResource } from './rbac/cluster-role/cluster-role.resource.ts';
import { clusterRoleBindingResource } from './rbac/cluster-role-binding/cluster-role-binding.resource.ts';
import { roleResource } from './rbac/role/role.resource.ts';
import { roleBindingResource } from './rbac/role-binding/role-binding.resource.ts';

/**
 * Every built-in kind. The order is that of discovery (groups by their priorities, kinds by their plurals), where it decides which kind a
 * short name means and which group comes first: `events` is the core group's because that stands first.
 */
export const builtinKinds: readonly ResourceDefinition[] = [
  configMapResource,
  endpointsResource,
  eventResource,
  namespaceResource,
  nodeResource,
  podResource,
  secretResource,
  serviceAccountResource,
  serviceResource,
  apiServiceResource,
  deploymentResource,
  replicaSetResource,
  eventsEventResource,
  selfSubjectReviewResource,
  tokenReviewResource,
  localSubjectAccessReviewResource,
  selfSubjectAccessReviewResource,
  selfSubjectRulesReviewResource,
  subjectAccessReviewResource,
  certificateSigningRequestResource,
  clusterRoleBindingResource,
  clusterRoleResource,
  roleBindingResource,
  roleResource,
  customResourceDefinitionResource,
  leaseResource,
  endpointSliceResource,
];
