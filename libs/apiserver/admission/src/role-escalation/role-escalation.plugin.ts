import { mastersGroup } from '@kubernest/apiserver/authn';
import { type BindingObject, describeRule, type RoleObject, rbacGroup, uncovered } from '@kubernest/apiserver/authz';
import type { AdmissionCall, AdmissionPlugin, ApiCore, ObjectReader, PolicyRule } from '@kubernest/apiserver/engine';
import type { Context } from '@kubernest/kit';
import { forbidden, notFound } from '@kubernest/meta';

type Power = Pick<ApiCore, 'authorize' | 'rulesFor'>;
const everything: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];
const plurals = ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'].map(
  (plural) => `${plural}.${rbacGroup}`,
);

/** Nobody gives what they do not hold, unless they may `escalate` the role or `bind` it. */
export function roleEscalation(core: Power): AdmissionPlugin {
  return {
    name: 'role-escalation',
    sees: { resources: plurals, on: ['create', 'update'] },
    async validate(call, read, ctx) {
      if (call.user.groups.includes(mastersGroup)) return;
      const isBinding = call.definition.plural.endsWith('bindings');
      if (!isBinding && unchanged(call)) return;
      if (await mayAnyway(core, call, isBinding, ctx)) return;
      const wanted = isBinding ? await boundRules(call, read, ctx) : givenRules(call.object as RoleObject);
      const missing = uncovered(core.rulesFor(call.user, call.info.namespace ?? ''), wanted);
      if (missing.length > 0) throw refusal(call, missing);
    },
  };
}

function unchanged({ object, old }: AdmissionCall): boolean {
  const facts = (role: RoleObject | undefined) => JSON.stringify([role?.rules ?? [], role?.aggregationRule ?? null]);
  return old !== undefined && facts(object as RoleObject) === facts(old as RoleObject);
}

const givenRules = (role: RoleObject) => (role.aggregationRule ? everything : (role.rules ?? []));

async function boundRules(
  { object, info }: AdmissionCall,
  read: ObjectReader,
  ctx: Context,
): Promise<readonly PolicyRule[]> {
  const { kind, name } = (object as BindingObject).roleRef;
  const ref = { group: rbacGroup, resource: kind === 'Role' ? 'roles' : 'clusterroles' };
  const key = kind === 'Role' ? `${info.namespace}/${name}` : name;
  const role = read.get<RoleObject>(ref, key) ?? (await read.fetch<RoleObject>(ref, key, ctx));
  if (!role) throw notFound({ ...ref, name });
  return role.rules ?? [];
}

async function mayAnyway(core: Power, call: AdmissionCall, isBinding: boolean, ctx: Context): Promise<boolean> {
  const roleRef = (call.object as BindingObject).roleRef;
  const resource = isBinding ? (roleRef.kind === 'Role' ? 'roles' : 'clusterroles') : call.definition.plural;
  const name = isBinding ? roleRef.name : call.object?.metadata.name;
  const info = {
    ...call.info,
    group: rbacGroup,
    resource,
    subresource: '',
    name,
    verb: isBinding ? 'bind' : 'escalate',
  };
  return (await core.authorize({ user: call.user, info }, ctx)).verdict === 'allow';
}

function refusal({ definition, object, user }: AdmissionCall, missing: readonly PolicyRule[]) {
  const groups = `[${user.groups.map((group) => JSON.stringify(group)).join(' ')}]`;
  const lines = missing.map(describeRule).join('\n');
  return forbidden(
    {
      group: definition.group,
      resource: definition.plural,
      ...(object?.metadata.name ? { name: object.metadata.name } : {}),
    },
    `user "${user.username}" (groups=${groups}) is attempting to grant RBAC permissions not currently held:\n${lines}`,
  );
}
