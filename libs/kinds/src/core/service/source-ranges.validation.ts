import { faultsOfEach, invalidFor } from '@kubernest/definitions';
import { type FieldError, fieldForbidden, validateIpRange } from '@kubernest/meta';
import type { Service } from '../../types.ts';

// compat: the field is named as Kubernetes names it.
const field = 'spec.LoadBalancerSourceRanges';
const annotation = 'service.beta.kubernetes.io/load-balancer-source-ranges';

/** Who may use a load balancer: in the field or, as of old, in an annotation. compat: space around a range is let pass, and so is what was accepted before. */
export function validateSourceRanges({ metadata, spec }: Service, old: Service | undefined): FieldError[] {
  const only = "may only be used when `type` is 'LoadBalancer'";
  const misplaced = (path: string) => (spec?.type === 'LoadBalancer' ? [] : [fieldForbidden(path, only)]);
  const ranges = spec?.loadBalancerSourceRanges ?? [];
  if (ranges.length > 0) {
    const known = new Set(old?.spec?.loadBalancerSourceRanges?.map((text) => text.trim()));
    return [
      ...misplaced(field),
      ...faultsOfEach(ranges, (text, i) => validateRange(text.trim(), known, `${field}[${i}]`)),
    ];
  }
  const text = metadata.annotations?.[annotation];
  if (text === undefined) return [];
  const path = `metadata.annotations[${annotation}]`;
  const given = text.trim() === '' || old?.metadata.annotations?.[annotation] === text ? [] : text.trim().split(',');
  return [...misplaced(path), ...faultsOfEach(given, (range) => validateRange(range.trim(), new Set(), path))];
}

const validateRange = (range: string, known: ReadonlySet<string>, path: string): FieldError[] =>
  known.has(range) ? [] : invalidFor(path, range, validateIpRange(range));
