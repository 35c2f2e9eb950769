import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtinKinds } from '@kubernest/kinds';
import { expect, it } from 'vitest';

/** What `kubectl api-resources` has of a Kubernetes 1.36 with default gates, without what lies beneath a path of another. */
const kinds =
  `APIService Binding CSIDriver CSINode CSIStorageCapacity CertificateSigningRequest ClusterRole ClusterRoleBinding
  ComponentStatus ConfigMap ControllerRevision CronJob CustomResourceDefinition DaemonSet Deployment DeviceClass EndpointSlice
  Endpoints Event FlowSchema HorizontalPodAutoscaler IPAddress Ingress IngressClass Job Lease LimitRange LocalSubjectAccessReview
  MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration Namespace NetworkPolicy Node
  PersistentVolume PersistentVolumeClaim Pod PodDisruptionBudget PodTemplate PriorityClass PriorityLevelConfiguration ReplicaSet
  ReplicationController ResourceClaim ResourceClaimTemplate ResourceQuota ResourceSlice Role RoleBinding RuntimeClass Secret
  SelfSubjectAccessReview SelfSubjectReview SelfSubjectRulesReview Service ServiceAccount ServiceCIDR StatefulSet StorageClass
  SubjectAccessReview TokenReview ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration
  VolumeAttachment VolumeAttributesClass`.split(/\s+/);

it('docs/scope.md names every kind that is missing, and none that is served', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/scope.md'), 'utf8');
  const table = /\| group \| missing \|\n[\s\S]*?\n\n/.exec(text)![0];
  const named = [...table.matchAll(/\b[A-Z]\w+/g)].map(([word]) => word).sort();
  const served = new Set(builtinKinds.map(({ kind }) => kind));
  expect(named).toEqual(kinds.filter((kind) => !served.has(kind)).sort());
});

/** The kinds of its alpha and beta versions that have no stable one: none is on by default. */
const left =
  `ClusterTrustBundle DeviceTaintRule LeaseCandidate PodCertificateRequest PodGroup ResourcePoolStatusRequest StorageVersion
  StorageVersionMigration Workload`.split(/\s+/);

it('and every kind that Kubernetes itself leaves off', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/scope.md'), 'utf8');
  const [, named] = /leaves off: ([^|]*) \|/.exec(text)!;
  expect(named!.split(', ')).toEqual(left);
});
