import type { ObjectReader, UserInfo } from '@kubernest/apiserver/contract';
import { type KubeObject, keyOf } from '@kubernest/meta';
import { type BindingObject, type BindingSubject, type RoleObject, type RoleRef, rbacGroup } from './rbac-objects.ts';
import { type CompiledRules, compileRules } from './rule-matching.ts';

/** A binding that reaches a user, with the subject through which it does. */
export interface Grant {
  readonly kind: 'ClusterRoleBinding' | 'RoleBinding';
  readonly binding: BindingObject;
  readonly subject: BindingSubject;
  /** Undefined when the role does not exist. */
  readonly rules: CompiledRules | undefined;
}

interface Binding {
  readonly binding: BindingObject;
  readonly subject: BindingSubject;
}

/** Who is bound by which bindings, by their names. A subject that a binding names again is bound once. */
type BySubject = Map<string, Map<string, Binding>>;

/** Of one scope. Apart, so that a name is looked up as it is: a review may ask about hundreds of thousands of groups. */
interface Scope {
  readonly users: BySubject;
  readonly groups: BySubject;
}

/** Who is bound to what, kept by change: a changed role or binding costs itself, not the table. */
export interface RbacIndex {
  /** Grants that hold everywhere, then those of `namespace`. Lazy: stop when you have seen enough. */
  grants(user: UserInfo, namespace: string | undefined): Iterable<Grant>;
  role(ref: RoleRef, namespace: string | undefined): RoleObject | undefined;
}

export function rbacIndex(read: ObjectReader): RbacIndex {
  const roles = new Map<string, { readonly object: RoleObject; readonly rules: CompiledRules }>();
  const bindings = new Map<string, Scope>();
  let filled = false;

  const setRole = (resource: string) => (old: KubeObject | undefined, now: KubeObject | undefined) => {
    if (old) roles.delete(`${resource}:${keyOf(old)}`);
    const object = now as RoleObject | undefined;
    if (object) roles.set(`${resource}:${keyOf(object)}`, { object, rules: compileRules(object.rules ?? []) });
  };
  const setBinding = (old: KubeObject | undefined, now: KubeObject | undefined) => {
    if (old) unindex(bindings, old as BindingObject);
    if (now) index(bindings, now as BindingObject);
  };
  const setters = {
    clusterroles: setRole('clusterroles'),
    roles: setRole('roles'),
    clusterrolebindings: setBinding,
    rolebindings: setBinding,
  };
  // Made before the cache is filled, asked after: the first question takes what is there and follows from then on.
  const fill = () => {
    filled = true;
    for (const [resource, set] of Object.entries(setters)) {
      const ref = { group: rbacGroup, resource };
      read.subscribe(ref, ({ object, old }) => set(old, object));
      for (const object of read.list(ref)) set(object, object);
    }
  };
  const find = (ref: RoleRef, namespace: string | undefined) =>
    roles.get(ref.kind === 'Role' ? `roles:${namespace ?? ''}/${ref.name}` : `clusterroles:${ref.name}`);

  return {
    *grants(user, namespace) {
      if (!filled) fill();
      for (const scope of namespace ? ['', namespace] : ['']) {
        const bound = bindings.get(scope);
        if (!bound) continue;
        const kind = scope === '' ? 'ClusterRoleBinding' : 'RoleBinding';
        for (const { binding, subject } of reaching(user, bound))
          yield { kind, binding, subject, rules: find(binding.roleRef, scope)?.rules };
      }
    },
    role(ref, namespace) {
      if (!filled) fill();
      return find(ref, namespace)?.object;
    },
  };
}

function* reaching({ username, groups }: UserInfo, bound: Scope): Iterable<Binding> {
  yield* bound.users.get(username)?.values() ?? [];
  if (bound.groups.size === 0) return;
  for (const group of groups) {
    const named = bound.groups.get(group);
    if (named) yield* named.values();
  }
}

/** Where a subject stands and under which name; a service account is the user that it acts as. */
function placeOf(
  subject: BindingSubject,
  of: Scope,
  bindingNamespace: string,
): { readonly among: BySubject; readonly key: string } | undefined {
  if (subject.kind === 'User') return { among: of.users, key: subject.name };
  if (subject.kind === 'Group') return { among: of.groups, key: subject.name };
  const namespace = subject.namespace || bindingNamespace;
  return subject.kind === 'ServiceAccount' && namespace !== ''
    ? { among: of.users, key: `system:serviceaccount:${namespace}:${subject.name}` }
    : undefined;
}

function index(bindings: Map<string, Scope>, binding: BindingObject): void {
  unindex(bindings, binding);
  const { namespace: scope = '', name = '' } = binding.metadata;
  const bound = bindings.getOrInsertComputed(scope, (): Scope => ({ users: new Map(), groups: new Map() }));
  for (const subject of binding.subjects ?? []) {
    const place = placeOf(subject, bound, scope);
    if (!place) continue;
    const named = place.among.getOrInsertComputed(place.key, () => new Map<string, Binding>());
    if (!named.has(name)) named.set(name, { binding, subject });
  }
}

function unindex(bindings: Map<string, Scope>, binding: BindingObject): void {
  const { namespace: scope = '', name = '' } = binding.metadata;
  const bound = bindings.get(scope);
  if (!bound) return;
  for (const subject of binding.subjects ?? []) {
    const place = placeOf(subject, bound, scope);
    const named = place?.among.get(place.key);
    named?.delete(name);
    if (named?.size === 0) place!.among.delete(place!.key);
  }
  if (bound.users.size + bound.groups.size === 0) bindings.delete(scope);
}
