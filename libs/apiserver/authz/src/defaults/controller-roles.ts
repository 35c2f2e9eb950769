import type { PolicyRule } from '@kubernest/apiserver/contract';
import type { ResourceRef } from '@kubernest/meta';
import type { DefaultBinding } from './bindings.ts';
import { events, read, rule } from './rules.ts';
import type { DefaultRole } from './user-roles.ts';

/** What a controller says of itself. Structurally what `@kubernest/controllers/engine` calls a Controller. */
export interface ControllerDeclaration {
  readonly name: string;
  readonly serviceAccount: string;
  readonly reconciles: ResourceRef;
  readonly watches: readonly { readonly ref: ResourceRef }[] | 'all';
  readonly writes: readonly {
    readonly group: string;
    readonly resource: string;
    readonly verbs: readonly string[];
    readonly names?: readonly string[];
  }[];
}

/** The roles of controllers, made from what they declare. Several that share a service account share a role. */
export function controllerRoles(controllers: readonly ControllerDeclaration[]): {
  readonly roles: readonly DefaultRole[];
  readonly bindings: readonly DefaultBinding[];
} {
  const byAccount = Map.groupBy(controllers, (controller) => controller.serviceAccount);
  const accounts = [...byAccount].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    roles: accounts.map(([account, group]) => ({ name: roleName(account), rules: rulesOf(group) })),
    bindings: accounts.map(([account]) => ({
      name: roleName(account),
      role: roleName(account),
      subjects: [{ kind: 'ServiceAccount', name: account, namespace: 'kube-system' }],
    })),
  };
}

const roleName = (serviceAccount: string) => `system:controller:${serviceAccount}`;

function rulesOf(controllers: readonly ControllerDeclaration[]): readonly PolicyRule[] {
  const rules = new Map<string, Gathered>();
  const add = (group: string, resource: string, more: readonly string[], names: readonly string[] = []) => {
    const key = [group, resource, ...names].join(' ');
    const verbs = new Set([...(rules.get(key)?.verbs ?? []), ...more]);
    rules.set(key, { group, resource, names, verbs });
  };
  for (const { reconciles, watches, writes } of controllers) {
    add(reconciles.group, reconciles.resource, read.split(' '));
    if (watches === 'all') add('*', '*', read.split(' '));
    else for (const { ref } of watches) add(ref.group, ref.resource, read.split(' '));
    for (const { group, resource, verbs, names } of writes) add(group, resource, verbs, names);
  }
  const own = [...rules]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { group, resource, names, verbs }]) =>
      rule([...verbs].sort().join(' '), group, resource, names.length > 0 ? [...names].sort() : undefined),
    );
  return [...own, ...events];
}

interface Gathered {
  readonly group: string;
  readonly resource: string;
  /** None: all. */
  readonly names: readonly string[];
  readonly verbs: ReadonlySet<string>;
}
