import { warnOfIp } from '../../core/types/address.warnings.ts';
import type { ValidationContext } from '../../definition.ts';
import type { EndpointSlice } from '../../types.ts';

/** Controllers write what they were given in a form that is fine. */
const controllers: readonly unknown[] = ['endpointslice-controller.k8s.io', 'endpointslicemirroring-controller.k8s.io'];

export function warnOfEndpointSlice(slice: EndpointSlice, { old }: ValidationContext): string[] {
  const { metadata, addressType, endpoints } = slice;
  // compat: the field stands at the top, whatever the sentence says.
  const bygone = !old && addressType === 'FQDN' ? ['spec.addressType: FQDN endpoints are deprecated'] : [];
  if (controllers.includes(metadata?.labels?.['endpointslice.kubernetes.io/managed-by'])) return bygone;
  return [
    ...bygone,
    ...(endpoints ?? []).flatMap(({ addresses }, i) =>
      (addresses ?? []).flatMap((ip, j) => warnOfIp(ip, `endpoints[${i}].addresses[${j}]`)),
    ),
  ];
}
