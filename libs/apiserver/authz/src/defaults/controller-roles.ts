import type { PolicyRule } from '@kubernest/apiserver/engine';
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
  readonly writes: readonly { readonly group: string; readonly resource: string; readonly verbs: readonly string[] }[];
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
  const verbs = new Map<string, Set<string>>();
  const add = (group: string, resource: string, more: readonly string[]) => {
    const key = `${group} ${resource}`;
    verbs.set(key, new Set([...(verbs.get(key) ?? []), ...more]));
  };
  for (const { reconciles, watches, writes } of controllers) {
    add(reconciles.group, reconciles.resource, read.split(' '));
    if (watches === 'all') add('*', '*', read.split(' '));
    else for (const { ref } of watches) add(ref.group, ref.resource, read.split(' '));
    for (const each of writes) add(each.group, each.resource, each.verbs);
  }
  const sorted = [...verbs].sort(([a], [b]) => (a < b ? -1 : 1));
  const own = sorted.map(([key, set]) => {
    const space = key.indexOf(' ');
    return rule([...set].sort().join(' '), key.slice(0, space), key.slice(space + 1));
  });
  return [...own, ...events];
}
