import { builtinPriorities } from '../../libs/controllers/builtin/src/apiservice-registration/group-priorities.ts';

/** All that follows from where a kind is and what Kubernetes calls it. */
export interface KindNames {
  /** As folders and OpenAPI have it: `core`, `rbac`. */
  readonly folder: string;
  readonly version: string;
  readonly kind: string;
  /** As the API has it: ``, `rbac.authorization.k8s.io`. */
  readonly group: string;
  readonly apiVersion: string;
  /** Of its folder and its files. */
  readonly stem: string;
  readonly singular: string;
  readonly plural: string;
}

/** compat: what the API server itself serves of groups, which stands in no table of them. */
const own = 'apiregistration.k8s.io';

const groups = [...new Set([...builtinPriorities.keys()].map((name) => name.slice(name.indexOf('.') + 1))), own];

/** Where a group stands in discovery: by its priority, the server's own right after the core's, and of two alike by name. */
export function groupRank(group: string): number {
  const priority = (each: string): number =>
    each === own
      ? priority('') - 1
      : Math.max(
          ...[...builtinPriorities]
            .filter(([name]) => name.slice(name.indexOf('.') + 1) === each)
            .map(([, of]) => of.groupPriorityMinimum),
        );
  return groups.toSorted((a, b) => priority(b) - priority(a) || (a < b ? -1 : 1)).indexOf(group);
}

function groupOf(folder: string): string {
  const group = folder === 'core' ? '' : groups.find((each) => each === folder || each.startsWith(`${folder}.`));
  if (group === undefined) throw new Error(`"${folder}" is no group of Kubernetes: core${groups.sort().join(', ')}`);
  return group;
}

/** `CSIDriver` to `csi-driver`, `ServiceCIDR` to `service-cidr`. */
export const kebab = (kind: string): string =>
  kind.replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '-').toLowerCase();

/** As Kubernetes makes a resource's name of a kind's. */
export function pluralOf(singular: string): string {
  if (singular.endsWith('endpoints')) return singular;
  if (singular.endsWith('s')) return `${singular}es`;
  return singular.endsWith('y') ? `${singular.slice(0, -1)}ies` : `${singular}s`;
}

/** Of `apps/DaemonSet` or `autoscaling/v2/HorizontalPodAutoscaler`. */
export function kindNames(path: string): KindNames {
  const [, folder, version = 'v1', kind] = /^([a-z]+)\/(?:(v\d+)\/)?([A-Z][A-Za-z0-9]+)$/.exec(path) ?? [];
  if (!folder || !kind) throw new Error(`"${path}": group/Kind as Kubernetes spells it, for example apps/DaemonSet`);
  const group = groupOf(folder);
  const singular = kind.toLowerCase();
  const apiVersion = group === '' ? version : `${group}/${version}`;
  return { folder, version, kind, group, apiVersion, stem: kebab(kind), singular, plural: pluralOf(singular) };
}
