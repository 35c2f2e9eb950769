import type { ValidationContext } from '../../definition.ts';
import type { Node } from '../../types.ts';
import { warnOfIpRange } from '../types/address.warnings.ts';

export function warnOfNode({ spec }: Node, { subresource }: ValidationContext): string[] {
  if (subresource !== '') return [];
  return [
    ...(spec?.configSource ? ['spec.configSource: the feature is removed'] : []),
    ...(spec?.externalID ? ['spec.externalID: this field is deprecated, and is unused by Kubernetes'] : []),
    ...(spec?.podCIDRs ?? []).flatMap((range, i) => warnOfIpRange(range, `spec.podCIDRs[${i}]`)),
  ];
}
