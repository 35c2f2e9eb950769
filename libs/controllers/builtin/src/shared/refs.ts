import type { ResourceRef } from '@kubernest/meta';

const core = (resource: string): ResourceRef => ({ group: '', version: 'v1', resource });
const rbac = (resource: string): ResourceRef => ({ group: 'rbac.authorization.k8s.io', version: 'v1', resource });

export const refs = {
  namespaces: core('namespaces'),
  nodes: core('nodes'),
  pods: core('pods'),
  services: core('services'),
  endpoints: core('endpoints'),
  configMaps: core('configmaps'),
  events: core('events'),
  serviceAccounts: core('serviceaccounts'),
  deployments: { group: 'apps', version: 'v1', resource: 'deployments' },
  replicaSets: { group: 'apps', version: 'v1', resource: 'replicasets' },
  endpointSlices: { group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices' },
  leases: { group: 'coordination.k8s.io', version: 'v1', resource: 'leases' },
  certificateSigningRequests: { group: 'certificates.k8s.io', version: 'v1', resource: 'certificatesigningrequests' },
  clusterRoles: rbac('clusterroles'),
  apiServices: { group: 'apiregistration.k8s.io', version: 'v1', resource: 'apiservices' },
  customResourceDefinitions: { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' },
} as const satisfies Record<string, ResourceRef>;

/** Every controller records Events. */
export const recordsEvents = { group: '', resource: 'events', verbs: ['create', 'patch'] } as const;
