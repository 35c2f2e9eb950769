import type { KubeObject } from '@kubernest/meta';
import type * as apiextensions from 'kubernetes-types/apiextensions/v1';
import type * as apps from 'kubernetes-types/apps/v1';
import type * as authentication from 'kubernetes-types/authentication/v1';
import type * as authorization from 'kubernetes-types/authorization/v1';
import type * as autoscaling from 'kubernetes-types/autoscaling/v1';
import type * as certificates from 'kubernetes-types/certificates/v1';
import type * as coordination from 'kubernetes-types/coordination/v1';
import type * as core from 'kubernetes-types/core/v1';
import type * as discovery from 'kubernetes-types/discovery/v1';
import type * as events from 'kubernetes-types/events/v1';
import type * as policy from 'kubernetes-types/policy/v1';
import type * as rbac from 'kubernetes-types/rbac/v1';

/** A kind as the declarations have it, with our metadata, which is always there. */
export type Wire<T> = Omit<T, 'metadata'> & KubeObject;

export type Namespace = Wire<core.Namespace>;
export type Node = Wire<core.Node>;
export type Pod = Wire<core.Pod>;
export type Service = Wire<core.Service>;
export type Endpoints = Wire<core.Endpoints>;
export type ConfigMap = Wire<core.ConfigMap>;
export type Secret = Wire<core.Secret>;
export type ServiceAccount = Wire<core.ServiceAccount>;
export type CoreEvent = Wire<core.Event>;
export type EventsEvent = Wire<events.Event>;
export type CertificateSigningRequest = Wire<certificates.CertificateSigningRequest>;
export type Lease = Wire<coordination.Lease>;
export type EndpointSlice = Wire<discovery.EndpointSlice>;
export type ReplicaSet = Wire<apps.ReplicaSet>;
export type Deployment = Wire<apps.Deployment>;
export type CustomResourceDefinition = Wire<apiextensions.CustomResourceDefinition>;
/** The declarations have it not: as `kube-aggregator`'s own say. */
export interface APIService extends KubeObject {
  readonly spec?: {
    readonly group?: string;
    readonly version?: string;
    /** Absent: this API server serves the group-version itself. */
    readonly service?: { readonly namespace?: string; readonly name?: string; readonly port?: number };
    /** PEM, in base64. */
    readonly caBundle?: string;
    readonly insecureSkipTLSVerify?: boolean;
    readonly groupPriorityMinimum: number;
    readonly versionPriority: number;
  };
  readonly status?: { readonly conditions?: readonly APIServiceCondition[] };
}
export interface APIServiceCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}
export type Role = Wire<rbac.Role>;
export type RoleBinding = Wire<rbac.RoleBinding>;
export type ClusterRole = Wire<rbac.ClusterRole>;
export type ClusterRoleBinding = Wire<rbac.ClusterRoleBinding>;
export type TokenReview = Wire<authentication.TokenReview>;
export type TokenRequest = Wire<authentication.TokenRequest>;
export type SelfSubjectReview = Wire<authentication.SelfSubjectReview>;
export type SubjectAccessReview = Wire<authorization.SubjectAccessReview>;
export type SelfSubjectAccessReview = Wire<authorization.SelfSubjectAccessReview>;
export type LocalSubjectAccessReview = Wire<authorization.LocalSubjectAccessReview>;
export type SelfSubjectRulesReview = Wire<authorization.SelfSubjectRulesReview>;
export type Scale = Wire<autoscaling.Scale>;
export type Eviction = Wire<policy.Eviction>;
export type Binding = Wire<core.Binding>;
