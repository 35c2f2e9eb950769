export interface MemoryResource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Has /status, and `generation` counts the rest. */
  readonly status?: boolean;
}

const core = (resource: string, kind: string, more: Partial<MemoryResource> = {}): MemoryResource => ({
  group: '',
  version: 'v1',
  resource,
  kind,
  namespaced: true,
  ...more,
});

/** What the control plane's own controllers work on. */
export const builtinResources: readonly MemoryResource[] = [
  core('namespaces', 'Namespace', { namespaced: false, status: true }),
  core('nodes', 'Node', { namespaced: false, status: true }),
  core('pods', 'Pod', { status: true }),
  core('services', 'Service', { status: true }),
  core('endpoints', 'Endpoints'),
  core('configmaps', 'ConfigMap'),
  core('secrets', 'Secret'),
  core('serviceaccounts', 'ServiceAccount'),
  core('events', 'Event'),
  { group: 'apps', version: 'v1', resource: 'deployments', kind: 'Deployment', namespaced: true, status: true },
  { group: 'apps', version: 'v1', resource: 'replicasets', kind: 'ReplicaSet', namespaced: true, status: true },
  { group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices', kind: 'EndpointSlice', namespaced: true },
  { group: 'coordination.k8s.io', version: 'v1', resource: 'leases', kind: 'Lease', namespaced: true },
  ...['clusterroles', 'clusterrolebindings'].map((resource) => ({
    group: 'rbac.authorization.k8s.io',
    version: 'v1',
    resource,
    kind: resource === 'clusterroles' ? 'ClusterRole' : 'ClusterRoleBinding',
    namespaced: false,
  })),
];
