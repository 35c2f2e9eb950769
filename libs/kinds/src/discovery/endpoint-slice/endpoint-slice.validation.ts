import { type FieldError, fieldNotSupported, fieldRequired, fieldTooMany } from '@kubernest/meta';
import { immutable } from '../../faults.ts';
import type { EndpointSlice } from '../../types.ts';

const addressTypes = ['FQDN', 'IPv4', 'IPv6'];
const maxEndpoints = 1000;

export function validateEndpointSlice({ addressType, endpoints = [] }: EndpointSlice): FieldError[] {
  const faults: FieldError[] = [];
  if (!addressType) faults.push(fieldRequired('addressType'));
  else if (!addressTypes.includes(addressType))
    faults.push(fieldNotSupported('addressType', addressType, addressTypes));
  if (endpoints.length > maxEndpoints) faults.push(fieldTooMany('endpoints', endpoints.length, maxEndpoints));
  for (const [i, { addresses }] of endpoints.entries()) {
    if (!addresses?.length) faults.push(fieldRequired(`endpoints[${i}].addresses`, 'must contain at least 1 address'));
  }
  return faults;
}

export const validateEndpointSliceUpdate = (slice: EndpointSlice, old: EndpointSlice): FieldError[] =>
  slice.addressType === old.addressType ? [] : [immutable('addressType', slice.addressType)];
