import { collectWarnings, type ValidationContext } from '@kubernest/definitions';
import { warnOfIp } from '../../core/types/address.warnings.ts';
import type { EndpointSlice } from '../../types.ts';

/** Controllers write what they were given in a form that is fine. */
const controllers: readonly unknown[] = ['endpointslice-controller.k8s.io', 'endpointslicemirroring-controller.k8s.io'];

export function warnOfEndpointSlice(slice: EndpointSlice, { old }: ValidationContext): string[] {
  const { metadata, addressType, endpoints } = slice;
  return collectWarnings((warn) => {
    // compat: the field stands at the top, whatever the sentence says.
    if (!old && addressType === 'FQDN') warn('spec.addressType: FQDN endpoints are deprecated');
    if (controllers.includes(metadata?.labels?.['endpointslice.kubernetes.io/managed-by'])) return;
    for (const [i, { addresses }] of (endpoints ?? []).entries())
      for (const [j, ip] of (addresses ?? []).entries()) warnOfIp(ip, `endpoints[${i}].addresses[${j}]`, warn);
  });
}
