/** `version` stands in its group by `rank`, the group among groups by `group`; higher comes first. */
interface Priority {
  readonly groupPriorityMinimum: number;
  readonly versionPriority: number;
}

/**
 * compat: Kubernetes' own numbers (`cmd/kube-apiserver/app/aggregator.go`), a line each: group, its priority, versions with theirs. The core
 * group is `-`. What is not here is not registered, `apiregistration.k8s.io` itself.
 */
const table = `
- 18000 v1=1
apps 17800 v1=15
events.k8s.io 17750 v1=15
authentication.k8s.io 17700 v1=15
authorization.k8s.io 17600 v1=15
autoscaling 17500 v1=15 v2=30
batch 17400 v1=15
certificates.k8s.io 17300 v1=15
networking.k8s.io 17200 v1=15
policy 17100 v1=15
rbac.authorization.k8s.io 17000 v1=15
storage.k8s.io 16800 v1=15
apiextensions.k8s.io 16700 v1=15
admissionregistration.k8s.io 16700 v1=15
scheduling.k8s.io 16600 v1=15
coordination.k8s.io 16500 v1=15
node.k8s.io 16300 v1=15
discovery.k8s.io 16200 v1=15
resource.k8s.io 16200 v1=21
flowcontrol.apiserver.k8s.io 16100 v1=21
`;

/** compat: a custom resource's group comes after all that are built in, its versions by their names. */
export const customPriority: Priority = { groupPriorityMinimum: 1000, versionPriority: 100 };

/** By name of the APIService. */
export const builtinPriorities: ReadonlyMap<string, Priority> = new Map(
  table
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [group, groupPriorityMinimum, ...versions] = line.split(' ') as [string, string, ...string[]];
      return versions.map((text) => {
        const [version, versionPriority] = text.split('=');
        const name = `${version}.${group === '-' ? '' : group}`;
        return [
          name,
          { groupPriorityMinimum: Number(groupPriorityMinimum), versionPriority: Number(versionPriority) },
        ] as const;
      });
    }),
);
