import type { EndpointAddress, EndpointPort, EndpointSubset } from '@kubernest/api-types/core/v1';
import { faultsOfEach, invalidFor, optionalForm, requiredOneOf, type ValidationContext } from '@kubernest/definitions';
import {
  deepEqual,
  type FieldError,
  fieldRequired,
  validateDns1123Label,
  validateDns1123Subdomain,
  validateIp,
  validatePortNumber,
  validateQualifiedName,
} from '@kubernest/meta';
import type { Endpoints } from '../../types.ts';
import { protocols, validateReachable } from '../types/address.validation.ts';

/** compat: what was stored long ago may stay as it is. */
export function validateEndpoints({ subsets = [] }: Endpoints, { old }: ValidationContext): FieldError[] {
  const faults = faultsOfEach(subsets, (subset, i) => validateSubset(subset, `subsets[${i}]`));
  return faults.length > 0 && old && deepEqual((old as Endpoints).subsets, subsets) ? [] : faults;
}

function validateSubset(
  { addresses = [], notReadyAddresses = [], ports = [] }: EndpointSubset,
  path: string,
): FieldError[] {
  const none = addresses.length + notReadyAddresses.length === 0;
  return [
    ...(none ? [fieldRequired(path, 'must specify `addresses` or `notReadyAddresses`')] : []),
    ...addresses.flatMap((address, i) => validateAddress(address, `${path}.addresses[${i}]`)),
    ...notReadyAddresses.flatMap((address, i) => validateAddress(address, `${path}.notReadyAddresses[${i}]`)),
    ...ports.flatMap((port, i) => validatePort(port, `${path}.ports[${i}]`, ports.length > 1)),
  ];
}

function validateAddress({ ip = '', hostname, nodeName }: EndpointAddress, path: string): FieldError[] {
  return [
    ...invalidFor(`${path}.ip`, ip, validateIp(ip)),
    ...optionalForm(`${path}.hostname`, hostname || undefined, validateDns1123Label),
    ...optionalForm(`${path}.nodeName`, nodeName, validateDns1123Subdomain),
    ...validateReachable(ip, `${path}.ip`),
  ];
}

function validatePort(
  { name, port = 0, protocol, appProtocol }: EndpointPort,
  path: string,
  needsName: boolean,
): FieldError[] {
  return [
    ...(needsName && !name ? [fieldRequired(`${path}.name`)] : []),
    ...optionalForm(`${path}.name`, name || undefined, validateDns1123Label),
    ...invalidFor(`${path}.port`, port, validatePortNumber(port)),
    ...requiredOneOf(`${path}.protocol`, protocol, protocols),
    ...optionalForm(`${path}.appProtocol`, appProtocol, validateQualifiedName),
  ];
}
