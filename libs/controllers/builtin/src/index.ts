import type { Controller } from '@kubernest/controllers/engine';
import {
  type AvailabilityMetrics,
  type AvailabilityOptions,
  apiserviceAvailability,
} from './apiservice-availability/apiservice-availability.controller.ts';
import { apiserviceRegistration } from './apiservice-registration/apiservice-registration.controller.ts';
import { certificateApprover } from './certificate-approver/certificate-approver.controller.ts';
import { certificateCleaner } from './certificate-cleaner/certificate-cleaner.controller.ts';
import { certificateSigner, type SignCertificate } from './certificate-signer/certificate-signer.controller.ts';
import { clusterroleAggregation } from './clusterrole-aggregation/clusterrole-aggregation.controller.ts';
import { crdConditions } from './crd-conditions/crd-conditions.controller.ts';
import { crdEstablishing } from './crd-establishing/crd-establishing.controller.ts';
import { crdFinalizer } from './crd-finalizer/crd-finalizer.controller.ts';
import { deployment } from './deployment/deployment.controller.ts';
import { endpoints } from './endpoints/endpoints.controller.ts';
import { endpointslice } from './endpointslice/endpointslice.controller.ts';
import { endpointsliceMirroring } from './endpointslice-mirroring/endpointslice-mirroring.controller.ts';
import { garbageCollector } from './garbage-collector/garbage-collector.controller.ts';
import {
  kubeletServingApprover,
  type ServingApproverOptions,
} from './kubelet-serving-approver/kubelet-serving-approver.controller.ts';
import { namespace } from './namespace/namespace.controller.ts';
import { nodeIpam } from './node-ipam/node-ipam.controller.ts';
import { nodeLifecycle } from './node-lifecycle/node-lifecycle.controller.ts';
import { podGarbageCollector } from './pod-garbage-collector/pod-garbage-collector.controller.ts';
import { replicaset } from './replicaset/replicaset.controller.ts';
import { rootCaPublisher } from './root-ca-publisher/root-ca-publisher.controller.ts';
import { serviceaccount } from './serviceaccount/serviceaccount.controller.ts';
import { taintEviction } from './taint-eviction/taint-eviction.controller.ts';

export interface BuiltinOptions {
  /** PEM of the CA that signed the API server's certificate. */
  readonly rootCa: string;
  /** IPv4. Absent: nodes get no pod CIDR from here. */
  readonly clusterCidr?: string;
  /** 24 unless given: 254 pods a node. */
  readonly nodeCidrMask?: number;
}

/** The control plane's own controllers. Written by hand; a folder each. */
export function builtinControllers(options: BuiltinOptions): readonly Controller[] {
  return [
    namespace,
    serviceaccount,
    rootCaPublisher(options.rootCa),
    clusterroleAggregation,
    deployment,
    replicaset,
    endpoints,
    endpointslice,
    endpointsliceMirroring,
    garbageCollector,
    nodeLifecycle(),
    taintEviction,
    podGarbageCollector(),
    certificateApprover,
    certificateCleaner,
    crdConditions,
    crdEstablishing,
    crdFinalizer,
    ...(options.clusterCidr ? [nodeIpam(options.clusterCidr, options.nodeCidrMask)] : []),
  ];
}

export interface AuthorityOptions extends ServingApproverOptions {
  readonly sign: SignCertificate;
}

/** The controllers that run beside each API server, which alone has the authority's key and knows the machine it is on. */
export function authorityControllers({ sign, ...options }: AuthorityOptions): readonly Controller[] {
  return [certificateSigner(sign), kubeletServingApprover(options)];
}

/** The controllers that run beside each API server because they speak of what that server serves and reaches. */
export function aggregationControllers(options: AvailabilityOptions): readonly Controller[] {
  return [apiserviceRegistration, apiserviceAvailability(options)];
}
export {
  type KubernetesServiceOptions,
  type KubernetesServiceReconciler,
  kubernetesServiceReconciler,
} from './kubernetes-service/kubernetes-service.ts';
export type { AvailabilityMetrics };
