import type { Authorizer, Decision, PolicyRule } from '@kubernest/apiserver/contract';
import { append } from '@kubernest/meta';
import type { Grant, RbacIndex } from './rbac-index.ts';
import type { BindingSubject } from './rbac-objects.ts';

/** Allows what a role grants through a binding; never denies. */
export function rbacAuthorizer(index: RbacIndex): Authorizer {
  return {
    name: 'RBAC',
    authorize({ user, info }): Decision {
      const missing = new Set<string>();
      for (const grant of index.grants(user, info.namespace)) {
        if (!grant.rules) missing.add(missingRole(grant));
        else if (grant.rules.find(info)) return { verdict: 'allow', reason: allowedBy(grant) };
      }
      return { verdict: 'no-opinion', reason: missing.size > 0 ? `RBAC: ${joined([...missing])}` : '' };
    },
    rulesFor(user, namespace) {
      const rules: PolicyRule[] = [];
      for (const grant of index.grants(user, namespace)) append(rules, grant.rules?.rules ?? []);
      return rules;
    },
  };
}

function allowedBy({ kind, binding, subject }: Grant): string {
  const { name, namespace } = binding.metadata;
  const which = `${kind} "${name}${namespace ? `/${namespace}` : ''}"`;
  return `RBAC: allowed by ${which} of ${binding.roleRef.kind} "${binding.roleRef.name}" to ${describe(subject)}`;
}

function describe(subject: BindingSubject): string {
  const name = subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace}` : subject.name;
  return `${subject.kind} "${name}"`;
}

function missingRole({ binding: { roleRef } }: Grant): string {
  const plural = roleRef.kind === 'Role' ? 'role' : 'clusterrole';
  return `${plural}.rbac.authorization.k8s.io "${roleRef.name}" not found`;
}

function joined(reasons: readonly string[]): string {
  return reasons.length === 1 ? reasons[0]! : `[${reasons.join(', ')}]`;
}
