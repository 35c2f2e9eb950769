import { faultsOfEach, invalidFor } from '@kubernest/definitions';
import {
  type FieldError,
  fieldDuplicate,
  fieldForbidden,
  fieldInvalid,
  parseIpRange,
  validateIpRange,
} from '@kubernest/meta';
import type { Node } from '../../types.ts';
import { validateNodeAmounts } from '../types/resources.validation.ts';
import { validateTaints } from '../types/toleration.validation.ts';

export const validateNode = ({ spec, status }: Node): FieldError[] => [
  // compat: Kubernetes looks for taints here when it words their faults.
  ...validateTaints(spec?.taints ?? [], 'metadata.taints'),
  ...validateNodeAmounts(status?.capacity ?? {}, 'status.capacity'),
  ...validateNodeAmounts(status?.allocatable ?? {}, 'status.allocatable'),
  ...validatePodCidrs(spec?.podCIDRs ?? []),
];

/** One range for each family at most. */
function validatePodCidrs(ranges: readonly string[]): FieldError[] {
  const field = 'spec.podCIDRs';
  const faults = faultsOfEach(ranges, (range, i) => invalidFor(`${field}[${i}]`, range, validateIpRange(range)));
  const families = new Set(ranges.map((range) => parseIpRange(range)?.address.family));
  if (ranges.length > 1 && (families.size < 2 || ranges.length > 2))
    faults.push(fieldInvalid(field, ranges, 'may specify no more than one CIDR for each IP family'));
  return faults;
}

/** What a node was given once it keeps. */
export function validateNodeUpdate({ spec, status }: Node, old: Node): FieldError[] {
  const faults: FieldError[] = [];
  const seen = new Set<string>();
  for (const [i, address] of (status?.addresses ?? []).entries()) {
    const identity = `${address.type}/${address.address}`;
    if (seen.has(identity)) faults.push(fieldDuplicate(`status.addresses[${i}]`, address));
    seen.add(identity);
  }
  const stays = (field: string, why: string) => faults.push(fieldForbidden(`spec.${field}`, why));
  const before = old.spec?.podCIDRs ?? [];
  if (before.length > 0 && before.join() !== (spec?.podCIDRs ?? []).join())
    stays('podCIDRs', 'node updates may not change podCIDR except from "" to valid');
  if (old.spec?.providerID && old.spec.providerID !== spec?.providerID)
    stays('providerID', 'node updates may not change providerID except from "" to valid');
  if (spec?.externalID !== old.spec?.externalID) stays('externalID', 'may not be updated');
  return faults;
}
