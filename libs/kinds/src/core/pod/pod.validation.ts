import type { PodSpec } from '@kubernest/api-types/core/v1';
import type { ValidationContext } from '@kubernest/definitions';
import { append, type FieldError, fieldForbidden } from '@kubernest/meta';
import type { Pod } from '../../types.ts';
import { validateImage } from '../types/container.validation.ts';
import { mirrorAnnotation, validatePodAnnotations } from '../types/pod-annotations.validation.ts';
import { validatePodSpec } from '../types/pod-spec.validation.ts';

/** Who writes a status is not asked about the spec. */
export function validatePod(pod: Pod, { old, subresource }: ValidationContext): FieldError[] {
  if (subresource === 'status') return [];
  const spec = pod.spec as PodSpec | undefined;
  const faults = validatePodAnnotations(pod.metadata.annotations, spec, 'metadata.annotations');
  append(faults, validatePodSpec(spec, 'spec'));
  for (const field of ['containers', 'initContainers'] as const)
    for (const [i, container] of (spec?.[field] ?? []).entries())
      faults.push(...validateImage(container, `spec.${field}[${i}]`));
  if (pod.metadata.annotations?.[mirrorAnnotation] !== undefined)
    for (const _ of spec?.resourceClaims ?? [])
      faults.push(fieldForbidden('', 'static pods do not support resource claims'));
  if (!spec?.serviceAccountName) faults.push(...forbidTokens(spec));
  if (old) return faults;
  if (spec?.ephemeralContainers?.length)
    faults.push(fieldForbidden('spec.ephemeralContainers', 'cannot be set on create'));
  if (spec?.nodeName && spec.schedulingGates?.length)
    faults.push(fieldForbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'));
  return faults;
}

/** A token needs somebody whose it is. */
function forbidTokens(spec: PodSpec | undefined): FieldError[] {
  return (spec?.volumes ?? []).flatMap(({ projected }, i) =>
    (projected?.sources ?? []).flatMap(({ serviceAccountToken }, j) => {
      const field = `spec.volumes[${i}].projected.sources[${j}].serviceAccountToken`;
      return serviceAccountToken
        ? [fieldForbidden(field, 'must not be specified when serviceAccountName is not set')]
        : [];
    }),
  );
}
