import { deepEqual, type FieldError, fieldForbidden, fieldInvalid } from '@kubernest/meta';
import type { Container, PodSpec, Toleration } from 'kubernetes-types/core/v1';
import type { ValidationContext } from '../../definition.ts';
import type { Pod } from '../../types.ts';
import { validatePodSpec } from '../types/pod-spec.validation.ts';

export function validatePod(pod: Pod): FieldError[] {
  return validatePodSpec(pod.spec, 'spec');
}

/** compat: what an update of a pod may change, as every client is told when it tries more. */
const mutableWords =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** A running pod is what it was made as, but for a handful of fields. Other subresources have rules of their own. */
export function validatePodUpdate(pod: Pod, old: Pod, ctx: ValidationContext): FieldError[] {
  if (ctx.subresource !== '' || !pod.spec || !old.spec) return [];
  const faults = [
    ...validateImages(pod.spec, old.spec),
    ...validateDeadline(pod.spec, old.spec),
    ...validateGateRemoval(pod.spec, old.spec),
  ];
  if (faults.length > 0) return faults;
  const next = withMutableOf(pod.spec, old.spec);
  if (deepEqual(next, old.spec)) return [];
  return [fieldForbidden('spec', `${mutableWords}\nchanged: ${changedFields(next, old.spec).join(', ')}`)];
}

function validateImages(spec: PodSpec, old: PodSpec): FieldError[] {
  return (['containers', 'initContainers'] as const).flatMap((field) => {
    const now = spec[field] ?? [];
    if (now.length !== (old[field] ?? []).length)
      return [fieldForbidden(`spec.${field}`, 'pod updates may not add or remove containers')];
    return now.flatMap(({ image }, i) =>
      image && image.trim() === image
        ? []
        : [fieldInvalid(`spec.${field}[${i}].image`, image ?? '', 'must not have leading or trailing whitespace')],
    );
  });
}

function validateDeadline(
  { activeDeadlineSeconds: now }: PodSpec,
  { activeDeadlineSeconds: before }: PodSpec,
): FieldError[] {
  if (before === undefined || (now !== undefined && now <= before)) return [];
  if (now === undefined)
    return [fieldInvalid('spec.activeDeadlineSeconds', null, 'must not update from a positive integer to nil value')];
  return [fieldInvalid('spec.activeDeadlineSeconds', now, 'must be less than or equal to previous value')];
}

function validateGateRemoval(spec: PodSpec, old: PodSpec): FieldError[] {
  const before = new Set((old.schedulingGates ?? []).map((gate) => gate.name));
  return (spec.schedulingGates ?? [])
    .filter(({ name }) => !before.has(name))
    .map(({ name }) =>
      fieldForbidden('spec.schedulingGates', `only deletion is allowed, but found new scheduling gate '${name}'`),
    );
}

/** The new spec with all that may change set back to what it was, so that the rest can be compared. */
function withMutableOf(spec: PodSpec, old: PodSpec): PodSpec {
  const isGated = (old.schedulingGates?.length ?? 0) > 0;
  const grace = old.terminationGracePeriodSeconds;
  return {
    ...spec,
    containers: withImagesOf(spec.containers, old.containers)!,
    ...(spec.initContainers && { initContainers: withImagesOf(spec.initContainers, old.initContainers) }),
    activeDeadlineSeconds: old.activeDeadlineSeconds,
    schedulingGates: old.schedulingGates,
    ...(onlyAdds(spec.tolerations, old.tolerations) && { tolerations: old.tolerations }),
    ...(grace !== undefined &&
      grace < 0 &&
      spec.terminationGracePeriodSeconds === 1 && { terminationGracePeriodSeconds: grace }),
    ...(isGated && { nodeSelector: old.nodeSelector, affinity: old.affinity }),
  };
}

const withImagesOf = (containers: Container[] | undefined, old: Container[] | undefined): Container[] | undefined =>
  containers?.map((container, i) => ({ ...container, image: old?.[i]?.image }));

function onlyAdds(now: readonly Toleration[] = [], before: readonly Toleration[] = []): boolean {
  const bare = (toleration: Toleration): Toleration => ({ ...toleration, tolerationSeconds: undefined });
  return before.every((one) => now.some((other) => deepEqual(bare(one), bare(other))));
}

function changedFields(spec: PodSpec, old: PodSpec): string[] {
  const fields = new Set([...Object.keys(spec), ...Object.keys(old)]) as Set<keyof PodSpec>;
  return [...fields].filter((field) => !deepEqual(spec[field], old[field])).map((field) => `spec.${field}`);
}
