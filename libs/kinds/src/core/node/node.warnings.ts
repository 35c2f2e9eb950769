import { collectWarnings, type ValidationContext } from '@kubernest/definitions';
import type { Node } from '../../types.ts';
import { warnOfIpRange } from '../types/address.warnings.ts';

export function warnOfNode({ spec }: Node, { subresource }: ValidationContext): string[] {
  if (subresource !== '') return [];
  return collectWarnings((warn) => {
    if (spec?.configSource) warn('spec.configSource: the feature is removed');
    if (spec?.externalID) warn('spec.externalID: this field is deprecated, and is unused by Kubernetes');
    for (const [i, range] of (spec?.podCIDRs ?? []).entries()) warnOfIpRange(range, `spec.podCIDRs[${i}]`, warn);
  });
}
