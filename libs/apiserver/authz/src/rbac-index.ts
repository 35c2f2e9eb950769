import type { ObjectReader, UserInfo } from '@kubernest/apiserver/engine';
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

/** Of one scope: who is bound by which bindings, by their names. A subject that a binding names again is bound once. */
type BySubject = Map<string, Map<string, Binding>>;

/** Who is bound to what, kept by change: a changed role or binding costs itself, not the table. */
export interface RbacIndex {
  /** Grants that hold everywhere, then those of `namespace`. Lazy: stop when you have seen enough. */
  grants(user: UserInfo, namespace: string | undefined): Iterable<Grant>;
  role(ref: RoleRef, namespace: string | undefined): RoleObject | undefined;
}

export function rbacIndex(read: ObjectReader): RbacIndex {
  const roles = new Map<string, { readonly object: RoleObject; readonly rules: CompiledRules }>();
  const bindings = new Map<string, BySubject>();
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
      const keys = [userKey(user.username), ...user.groups.map(groupKey)];
      for (const scope of namespace ? ['', namespace] : ['']) {
        const bySubject = bindings.get(scope);
        if (!bySubject) continue;
        const kind = scope === '' ? 'ClusterRoleBinding' : 'RoleBinding';
        for (const key of keys) {
          for (const { binding, subject } of bySubject.get(key)?.values() ?? []) {
            yield { kind, binding, subject, rules: find(binding.roleRef, scope)?.rules };
          }
        }
      }
    },
    role(ref, namespace) {
      if (!filled) fill();
      return find(ref, namespace)?.object;
    },
  };
}

const userKey = (name: string) => `u:${name}`;
const groupKey = (name: string) => `g:${name}`;

function subjectKey(subject: BindingSubject, bindingNamespace: string): string | undefined {
  if (subject.kind === 'User') return userKey(subject.name);
  if (subject.kind === 'Group') return groupKey(subject.name);
  const namespace = subject.namespace || bindingNamespace;
  return subject.kind === 'ServiceAccount' && namespace !== ''
    ? userKey(`system:serviceaccount:${namespace}:${subject.name}`)
    : undefined;
}

function index(bindings: Map<string, BySubject>, binding: BindingObject): void {
  unindex(bindings, binding);
  const { namespace: scope = '', name = '' } = binding.metadata;
  const bySubject = bindings.getOrInsertComputed(scope, (): BySubject => new Map());
  for (const subject of binding.subjects ?? []) {
    const key = subjectKey(subject, scope);
    if (key === undefined) continue;
    const named = bySubject.getOrInsertComputed(key, () => new Map<string, Binding>());
    if (!named.has(name)) named.set(name, { binding, subject });
  }
}

function unindex(bindings: Map<string, BySubject>, binding: BindingObject): void {
  const { namespace: scope = '', name = '' } = binding.metadata;
  const bySubject = bindings.get(scope);
  if (!bySubject) return;
  for (const subject of binding.subjects ?? []) {
    const key = subjectKey(subject, scope) ?? '';
    const named = bySubject.get(key);
    named?.delete(name);
    if (named?.size === 0) bySubject.delete(key);
  }
  if (bySubject.size === 0) bindings.delete(scope);
}
