import type { ApiCore, WriteAs } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import { deepEqual, isAlreadyExists, type KubeObject, keyOf, type ResourceRef } from '@kubernest/meta';
import {
  type BindingObject,
  type BindingSubject,
  type LabelSelector,
  type RoleObject,
  rbacGroup,
  rbacVersion,
} from '../rbac-objects.ts';
import { uncovered } from '../rule-cover.ts';
import type { ControllerDeclaration } from './controller-roles.ts';
import { autoupdateAnnotation, defaultRbacObjects } from './default-objects.ts';

/** Exist from the first moment and cannot be deleted (but the last, which Kubernetes lets go). */
export const systemNamespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'] as const;

/** Who writes what the API server itself needs. */
export const apiserverWriter: WriteAs = {
  user: { username: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] },
  fieldManager: 'kube-apiserver',
  dryRun: false,
};

/**
 * Makes the system's namespaces, then every default role and binding that is missing. What exists gets the rules, subjects and
 * labels that it lacks and loses nothing, but a binding to another role is made anew; an object annotated with autoupdate `false` is
 * left as it is. Safe to run at every start and in several processes at once.
 */
export async function reconcileDefaults(
  core: Pick<ApiCore, 'read' | 'write'>,
  controllers: readonly ControllerDeclaration[],
  ctx: Context,
): Promise<void> {
  await ensureSystemNamespaces(core, ctx);
  const { roles, bindings } = defaultRbacObjects(controllers);
  await Promise.all([
    ...roles.map((role) => ensure(core, role, (held) => missingOfRole(held as RoleObject, role), ctx)),
    ...bindings.map((binding) =>
      ensure(core, binding, (held) => missingOfBinding(held as BindingObject, binding), ctx),
    ),
  ]);
}

export async function ensureSystemNamespaces(core: Pick<ApiCore, 'read' | 'write'>, ctx: Context): Promise<void> {
  const ref = { group: '', version: 'v1', resource: 'namespaces' };
  await Promise.all(
    systemNamespaces
      .filter((name) => core.read.get(ref, name) === undefined)
      .map((name) => createIfMissing(core, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, ref, ctx)),
  );
}

type Additions = Partial<Pick<RoleObject, 'rules' | 'aggregationRule'> & Pick<BindingObject, 'subjects'>>;

async function ensure(
  core: Pick<ApiCore, 'read' | 'write'>,
  wanted: KubeObject,
  missing: (held: KubeObject) => Additions,
  ctx: Context,
): Promise<void> {
  const ref = { group: rbacGroup, version: rbacVersion, resource: `${wanted.kind!.toLowerCase()}s` };
  const held = core.read.get(ref, keyOf(wanted));
  if (!held) return createIfMissing(core, wanted, ref, ctx);
  if (isProtected(held)) return;
  const { name, namespace } = wanted.metadata;
  const target = { ref, name: name!, ...(namespace === undefined ? {} : { namespace }), subresource: '' };
  if (!bindsTheSame(held, wanted)) {
    // What a binding refers to cannot be changed.
    await core.write.remove(target, apiserverWriter, { preconditions: { uid: held.metadata.uid! } }, ctx);
    return createIfMissing(core, wanted, ref, ctx);
  }
  if (!hasGaps(held, wanted, missing)) return;
  await core.write.modify(target, apiserverWriter, (draft) => fillGaps(draft, wanted, missing), ctx);
}

async function createIfMissing(
  core: Pick<ApiCore, 'write'>,
  object: KubeObject,
  ref: ResourceRef,
  ctx: Context,
): Promise<void> {
  try {
    await core.write.create(object, ref, apiserverWriter, ctx);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}

const isProtected = (held: KubeObject): boolean => held.metadata.annotations?.[autoupdateAnnotation] === 'false';

function bindsTheSame(held: KubeObject, wanted: KubeObject): boolean {
  const [have, want] = [(held as BindingObject).roleRef, (wanted as BindingObject).roleRef];
  return have?.kind === want?.kind && have?.name === want?.name;
}

function hasGaps(held: KubeObject, wanted: KubeObject, missing: (held: KubeObject) => Additions): boolean {
  return fillGaps(structuredClone(held), wanted, missing);
}

/** Adds to `draft` in place; false when there was nothing to add. */
function fillGaps(draft: KubeObject, wanted: KubeObject, missing: (held: KubeObject) => Additions): boolean {
  if (isProtected(draft)) return false;
  const labels = { ...wanted.metadata.labels, ...draft.metadata.labels };
  const annotations = { ...wanted.metadata.annotations, ...draft.metadata.annotations };
  const additions = missing(draft);
  const grew =
    Object.keys(additions).length > 0 ||
    Object.keys(labels).length > Object.keys(draft.metadata.labels ?? {}).length ||
    Object.keys(annotations).length > Object.keys(draft.metadata.annotations ?? {}).length;
  if (grew) Object.assign(draft, additions, { metadata: { ...draft.metadata, labels, annotations } });
  return grew;
}

function missingOfRole(held: RoleObject, wanted: RoleObject): Additions {
  if (wanted.aggregationRule) return missingSelectors(held, wanted.aggregationRule.clusterRoleSelectors ?? []);
  const rules = uncovered(held.rules ?? [], wanted.rules ?? []);
  return rules.length === 0 ? {} : { rules: [...(held.rules ?? []), ...rules] };
}

function missingSelectors({ aggregationRule }: RoleObject, wanted: readonly LabelSelector[]): Additions {
  const held = aggregationRule?.clusterRoleSelectors ?? [];
  const missing = wanted.filter((selector) => !held.some((each) => deepEqual(each, selector)));
  return missing.length === 0 ? {} : { aggregationRule: { clusterRoleSelectors: [...held, ...missing] } };
}

function missingOfBinding(held: BindingObject, wanted: BindingObject): Additions {
  const identity = (subject: BindingSubject) => `${subject.kind}/${subject.namespace ?? ''}/${subject.name}`;
  const present = new Set((held.subjects ?? []).map(identity));
  const subjects = (wanted.subjects ?? []).filter((subject) => !present.has(identity(subject)));
  return subjects.length === 0 ? {} : { subjects: [...(held.subjects ?? []), ...subjects] };
}
