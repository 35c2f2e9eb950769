import { collectWarnings } from '@kubernest/definitions';
import type { Endpoints } from '../../types.ts';
import { warnOfIp } from '../types/address.warnings.ts';

/** The controller writes what it was given in a form that is fine. */
const byController = ['endpoints.kubernetes.io/managed-by', 'endpoint-controller'] as const;

export function warnOfEndpoints({ metadata, subsets = [] }: Endpoints): string[] {
  if (metadata?.labels?.[byController[0]] === byController[1]) return [];
  return collectWarnings((warn) => {
    for (const [i, { addresses = [], notReadyAddresses = [] }] of subsets.entries()) {
      for (const [j, { ip }] of addresses.entries()) warnOfIp(ip, `subsets[${i}].addresses[${j}].ip`, warn);
      for (const [j, { ip }] of notReadyAddresses.entries())
        warnOfIp(ip, `subsets[${i}].notReadyAddresses[${j}].ip`, warn);
    }
  });
}
