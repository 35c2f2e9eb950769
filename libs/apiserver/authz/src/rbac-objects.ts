import type { PolicyRule } from '@kubernest/apiserver/contract';
import type { KubeObject } from '@kubernest/meta';

export const rbacGroup = 'rbac.authorization.k8s.io';
export const rbacVersion = 'v1';

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/** Role and ClusterRole. */
export interface RoleObject extends KubeObject {
  readonly rules?: readonly PolicyRule[] | null;
  readonly aggregationRule?: { readonly clusterRoleSelectors?: readonly LabelSelector[] };
}

export interface BindingSubject {
  readonly kind: string;
  readonly apiGroup?: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface RoleRef {
  readonly apiGroup: string;
  readonly kind: string;
  readonly name: string;
}

/** RoleBinding and ClusterRoleBinding. */
export interface BindingObject extends KubeObject {
  readonly subjects?: readonly BindingSubject[] | null;
  readonly roleRef: RoleRef;
}
