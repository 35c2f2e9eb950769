import type { Container, NodeAffinity, NodeSelectorTerm, PodSpec, Toleration } from '@kubernest/api-types/core/v1';
import { faultsOfEach, type ValidationContext } from '@kubernest/definitions';
import { append, deepEqual, type FieldError, fieldForbidden, fieldInvalid, fieldRequired } from '@kubernest/meta';
import type { Pod } from '../../types.ts';
import { validateAnnotationsStay } from '../types/pod-annotations.validation.ts';
import { validateEphemeralContainersGrow } from './ephemeral-containers.validation.ts';
import { validatePodStatusUpdate } from './pod-status.validation.ts';

/** compat: what an update of a pod may change, as every client is told when it tries more. */
const mutableWords =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** A running pod is what it was made as, but for a handful of fields. Other subresources have rules of their own. */
export function validatePodUpdate(pod: Pod, before: Pod, { subresource }: ValidationContext): FieldError[] {
  const faults = validateAnnotationsStay(pod.metadata.annotations, before.metadata.annotations, 'metadata.annotations');
  if (subresource === 'status') return [...faults, ...validatePodStatusUpdate(pod, before)];
  if (subresource === 'ephemeralcontainers') return validateEphemeralContainersGrow(pod, before, faults);
  const [spec, old] = [pod.spec as PodSpec | undefined, before.spec as PodSpec | undefined];
  if (subresource !== '' || !spec || !old) return [];
  for (const field of ['containers', 'initContainers'] as const) {
    const [now, was] = [spec[field] ?? [], old[field] ?? []];
    if (now.length !== was.length)
      return [...faults, fieldForbidden(`spec.${field}`, 'pod updates may not add or remove containers')];
    append(
      faults,
      faultsOfEach(now, ({ image }, i) => (image ? [] : [fieldRequired(`spec.${field}[${i}].image`)])),
    );
  }
  const deadline = validateDeadline(spec.activeDeadlineSeconds, old.activeDeadlineSeconds);
  append(faults, deadline, validateTolerationsGrow(spec, old), validateGatesShrink(spec, old));
  if (old.schedulingGates?.length) append(faults, validateGatedPlace(spec, old));
  const next = withMutableOf(spec, old);
  if (deepEqual(next, old)) return faults;
  return [...faults, fieldForbidden('spec', `${mutableWords}\nchanged: ${changedFields(next, old).join(', ')}`)];
}

function validateDeadline(now: number | undefined, before: number | undefined): FieldError[] {
  const field = 'spec.activeDeadlineSeconds';
  if (before === undefined || (now !== undefined && now <= before)) return [];
  const why =
    now === undefined
      ? 'must not update from a positive integer to nil value'
      : 'must be less than or equal to previous value';
  return [fieldInvalid(field, now ?? null, why)];
}

function validateTolerationsGrow(
  { tolerations: now = [] }: PodSpec,
  { tolerations: before = [] }: PodSpec,
): FieldError[] {
  const present = new Set(now.map(withoutSeconds));
  const stays = before.every((one) => present.has(withoutSeconds(one)));
  const why = 'existing toleration can not be modified except its tolerationSeconds';
  return stays ? [] : [fieldForbidden('spec.tolerations', why)];
}

const withoutSeconds = ({ key, operator, value, effect }: Toleration): string =>
  JSON.stringify([key, operator, value, effect]);

function validateGatesShrink(
  { schedulingGates: now = [] }: PodSpec,
  { schedulingGates: before = [] }: PodSpec,
): FieldError[] {
  const known = new Set(before.map((gate) => gate.name));
  return faultsOfEach(now, ({ name }, i) =>
    known.has(name)
      ? []
      : [
          fieldForbidden(
            `spec.schedulingGates[${i}].name`,
            `only deletion is allowed, but found new scheduling gate '${name}'`,
          ),
        ],
  );
}

/** While a pod is gated, where it may run can be narrowed and never widened. */
function validateGatedPlace({ nodeSelector = {}, affinity }: PodSpec, old: PodSpec): FieldError[] {
  const kept = Object.entries(old.nodeSelector ?? {}).every(([key, value]) => nodeSelector[key] === value);
  const why = 'only additions to spec.nodeSelector are allowed (no mutations or deletions)';
  return [
    ...(kept ? [] : [fieldInvalid('spec.nodeSelector', nodeSelector, why)]),
    ...validateNarrower(affinity?.nodeAffinity, old.affinity?.nodeAffinity),
  ];
}

function validateNarrower(now: NodeAffinity | undefined, before: NodeAffinity | undefined): FieldError[] {
  const required = 'requiredDuringSchedulingIgnoredDuringExecution';
  const [terms, old] = [now?.[required]?.nodeSelectorTerms ?? [], before?.[required]?.nodeSelectorTerms ?? []];
  const field = `spec.affinity.nodeAffinity.${required}.nodeSelectorTerms`;
  if (old.length > 0 && terms.length !== old.length)
    return [fieldInvalid(field, terms, 'no additions/deletions to non-empty NodeSelectorTerms list are allowed')];
  return faultsOfEach(old, (term, i) =>
    onlyAdds(terms[i]!, term)
      ? []
      : [fieldInvalid(`${field}[${i}]`, terms[i], 'only additions are allowed (no mutations or deletions)')],
  );
}

function onlyAdds(now: NodeSelectorTerm, before: NodeSelectorTerm): boolean {
  const lists = ['matchExpressions', 'matchFields'] as const;
  const isEmpty = (term: NodeSelectorTerm) => lists.every((list) => !term[list]?.length);
  // An empty term matches nothing: adding to it would widen.
  if (isEmpty(before)) return isEmpty(now);
  return lists.every((list) => deepEqual((now[list] ?? []).slice(0, before[list]?.length ?? 0), before[list] ?? []));
}

/** The new spec with all that may change set back to what it was, so that the rest can be compared. */
function withMutableOf(spec: PodSpec, old: PodSpec): PodSpec {
  const isGated = (old.schedulingGates?.length ?? 0) > 0;
  const grace = old.terminationGracePeriodSeconds;
  return {
    ...spec,
    containers: withImagesOf(spec.containers, old.containers) ?? [],
    ...(spec.initContainers && { initContainers: withImagesOf(spec.initContainers, old.initContainers) }),
    activeDeadlineSeconds: old.activeDeadlineSeconds,
    schedulingGates: old.schedulingGates,
    tolerations: old.tolerations,
    ...(grace !== undefined &&
      grace < 0 &&
      spec.terminationGracePeriodSeconds === 1 && { terminationGracePeriodSeconds: grace }),
    ...(isGated && { nodeSelector: old.nodeSelector, affinity: withNodeAffinityOf(spec, old) }),
  };
}

const withImagesOf = (
  containers: readonly Container[] | undefined,
  old: readonly Container[] | undefined,
): readonly Container[] | undefined => containers?.map((container, i) => ({ ...container, image: old?.[i]?.image }));

function withNodeAffinityOf({ affinity }: PodSpec, { affinity: old }: PodSpec): PodSpec['affinity'] {
  const { nodeAffinity: _, ...rest } = affinity ?? {};
  if (!old?.nodeAffinity) return old || Object.keys(rest).length > 0 ? rest : undefined;
  return { ...rest, nodeAffinity: old.nodeAffinity };
}

function changedFields(spec: PodSpec, old: PodSpec): string[] {
  const fields = new Set([...Object.keys(spec), ...Object.keys(old)]) as Set<keyof PodSpec>;
  return [...fields].filter((field) => !deepEqual(spec[field], old[field])).map((field) => `spec.${field}`);
}
