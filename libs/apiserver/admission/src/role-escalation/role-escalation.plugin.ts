import { mastersGroup } from '@kubernest/apiserver/authn';
import {
  type BindingObject,
  compact,
  describeRule,
  firstUncovered,
  type MissingRules,
  type RoleObject,
  rbacGroup,
} from '@kubernest/apiserver/authz';
import {
  type AdmissionCall,
  type AdmissionPlugin,
  type ApiCore,
  type ObjectReader,
  type PolicyRule,
  subjectOf,
} from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import { equalInSteps, forbidden, type KubeObject, notFound, paced } from '@kubernest/meta';

type Power = Pick<ApiCore, 'authorize' | 'rulesFor'>;
const everything: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];
/** What a refusal tells at most, in rules of one verb on one resource, and in characters. */
const MOST_PARTS = 1000;
const MOST_TOLD = 32 * 1024;

const plurals = ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'].map(
  (plural) => `${plural}.${rbacGroup}`,
);

/** Nobody gives what they do not hold, unless they may `escalate` the role or `bind` it. */
export function roleEscalation(core: Power): AdmissionPlugin {
  return {
    name: 'role-escalation',
    sees: { resources: plurals, on: ['create', 'update'] },
    async validate(call, read, ctx) {
      if (call.user.groups.includes(mastersGroup) || (await onlyCollected(call))) return;
      const isBinding = call.definition.plural.endsWith('bindings');
      if (await mayAnyway(core, call, isBinding, ctx)) return;
      const held = core.rulesFor(call.user, scopeOf(call) ?? '');
      const missingOf = (wanted: readonly PolicyRule[]) =>
        firstUncovered(held, wanted, { most: MOST_PARTS, signal: ctx.signal });
      if (!isBinding && aggregates(call) && (await missingOf(everything)).rules.length > 0)
        throw forbidden(subjectOf(call), 'must have cluster-admin privileges to use an aggregationRule');
      const wanted = isBinding ? await boundRules(call, read, ctx) : ((call.object as RoleObject).rules ?? []);
      const missing = await missingOf(wanted);
      if (missing.rules.length > 0) throw refusal(call, missing);
    },
  };
}

/** What the garbage collector writes: it grants nothing. Any other change may, a label included: aggregation follows labels. */
async function onlyCollected({ object, old }: AdmissionCall): Promise<boolean> {
  const rest = ({ metadata, ...facts }: KubeObject) => {
    const { ownerReferences, finalizers, managedFields, resourceVersion, generation, ...others } = metadata;
    return { ...facts, metadata: others };
  };
  return old !== undefined && object !== undefined && (await paced(equalInSteps(rest(object), rest(old))));
}

const aggregates = ({ object, old }: AdmissionCall): boolean =>
  [object, old].some((role) => (role as RoleObject | undefined)?.aggregationRule !== undefined);

/** Where what is written will hold: a cluster kind holds everywhere, whatever led to it. */
const scopeOf = ({ definition, info }: AdmissionCall): string | undefined =>
  definition.namespaced ? info.namespace : undefined;

async function boundRules(call: AdmissionCall, read: ObjectReader, ctx: Context): Promise<readonly PolicyRule[]> {
  const { kind, name } = (call.object as BindingObject).roleRef;
  const ref = { group: rbacGroup, resource: kind === 'Role' ? 'roles' : 'clusterroles' };
  const key = kind === 'Role' ? `${scopeOf(call)}/${name}` : name;
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
    namespace: scopeOf(call),
    group: rbacGroup,
    resource,
    subresource: '',
    name,
    verb: isBinding ? 'bind' : 'escalate',
  };
  return (await core.authorize({ user: call.user, info }, ctx)).verdict === 'allow';
}

function refusal(call: AdmissionCall, { rules, more }: MissingRules) {
  const { username, groups } = call.user;
  const told = `[${groups.map((group) => JSON.stringify(group)).join(' ')}]`;
  const lines = compact(rules).map(describeRule).sort();
  let length = 0;
  const fitting = lines.filter((line) => {
    length += line.length + 1;
    return length <= MOST_TOLD;
  });
  // Kubernetes tells all, however many.
  const untold = lines.length - fitting.length;
  const rest = more ? ['and more'] : untold > 0 ? [`and ${untold} more`] : [];
  return forbidden(
    subjectOf(call),
    `user "${username}" (groups=${told}) is attempting to grant RBAC permissions not currently held:\n${[...fitting, ...rest].join('\n')}`,
  );
}
