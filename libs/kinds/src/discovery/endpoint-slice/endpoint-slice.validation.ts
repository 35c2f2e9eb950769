import type { Endpoint, EndpointPort } from '@kubernest/api-types/discovery/v1';
import { faultsOfEach, immutable, invalidFor, oneOf, optionalForm, requiredOneOf } from '@kubernest/definitions';
import {
  type FieldError,
  fieldDuplicate,
  fieldInvalid,
  fieldRequired,
  fieldTooMany,
  parseIp,
  validateCanonicalIp,
  validateDns1123Label,
  validateDns1123Subdomain,
  validateIp,
  validateLabelValue,
  validateQualifiedName,
} from '@kubernest/meta';
import { protocols, validateReachable } from '../../core/types/address.validation.ts';
import { validateLabels } from '../../core/types/metadata.validation.ts';
import type { EndpointSlice } from '../../types.ts';

const addressTypes = ['FQDN', 'IPv4', 'IPv6'];
const most = { endpoints: 1000, addresses: 100, ports: 20_000, hints: 8, topologyLabels: 16 };

export function validateEndpointSlice({ addressType, endpoints = [], ports = [] }: EndpointSlice): FieldError[] {
  return [
    ...requiredOneOf('addressType', addressType, addressTypes),
    ...validatePorts(ports),
    ...(endpoints.length > most.endpoints
      ? [fieldTooMany('endpoints', endpoints.length, most.endpoints)]
      : faultsOfEach(endpoints, (endpoint, i) => validateEndpoint(endpoint, addressType, `endpoints[${i}]`))),
  ];
}

export const validateEndpointSliceUpdate = (slice: EndpointSlice, old: EndpointSlice): FieldError[] =>
  slice.addressType === old.addressType ? [] : [immutable('addressType', slice.addressType)];

function validatePorts(ports: readonly EndpointPort[]): FieldError[] {
  if (ports.length > most.ports) return [fieldTooMany('ports', ports.length, most.ports)];
  const names = new Set<string>();
  return faultsOfEach(ports, ({ name = '', protocol, appProtocol }, i) => {
    const path = `ports[${i}]`;
    const faults = optionalForm(`${path}.name`, name || undefined, validateDns1123Label);
    if (names.has(name)) faults.push(fieldDuplicate(`${path}.name`, name));
    names.add(name);
    return [
      ...faults,
      ...oneOf(`${path}.protocol`, protocol, protocols),
      ...optionalForm(`${path}.appProtocol`, appProtocol, validateQualifiedName),
    ];
  });
}

function validateEndpoint(endpoint: Endpoint, addressType: string, path: string): FieldError[] {
  const { addresses = [], nodeName, hostname, deprecatedTopology = {} } = endpoint;
  const faults: FieldError[] = [];
  if (addresses.length === 0) faults.push(fieldRequired(`${path}.addresses`, 'must contain at least 1 address'));
  else if (addresses.length > most.addresses)
    faults.push(fieldTooMany(`${path}.addresses`, addresses.length, most.addresses));
  const topology = Object.keys(deprecatedTopology).length;
  if (topology > most.topologyLabels)
    faults.push(fieldTooMany(`${path}.deprecatedTopology`, topology, most.topologyLabels));
  return [
    ...faults,
    // What is beyond the most that there may be has its fault already.
    ...addresses
      .slice(0, most.addresses)
      .flatMap((address, i) => validateAddress(address, addressType, `${path}.addresses`, i)),
    ...optionalForm(`${path}.nodeName`, nodeName, validateDns1123Subdomain),
    ...validateLabels(deprecatedTopology, `${path}.deprecatedTopology`),
    ...optionalForm(`${path}.hostname`, hostname, validateDns1123Label),
    ...validateHints(endpoint, `${path}.hints`),
  ];
}

/** What kind of address is not known is not looked at. */
function validateAddress(address: string, type: string, list: string, index: number): FieldError[] {
  const field = `${list}[${index}]`;
  if (type === 'FQDN') return validateDomain(address, field);
  if (type !== 'IPv4' && type !== 'IPv6') return [];
  const faults = invalidFor(field, address, type === 'IPv4' ? validateIp(address) : validateCanonicalIp(address));
  if (faults.length > 0) return faults;
  const fits = parseIp(address)?.family === type;
  return [
    ...(fits ? [] : [fieldInvalid(list, address, `must be an ${type} address`)]),
    ...validateReachable(address, field),
  ];
}

/** At least two labels; a dot at the end is fine. */
function validateDomain(text: string, field: string): FieldError[] {
  if (!text) return [fieldRequired(field)];
  const name = text.replace(/\.$/, '');
  const faults = validateDns1123Subdomain(name);
  if (faults.length > 0) return [fieldInvalid(field, name, faults.join(','))];
  const labels = name.split('.');
  if (labels.length < 2)
    return [fieldInvalid(field, name, 'should be a domain with at least two segments separated by dots')];
  const wrong = labels.find((label) => validateDns1123Label(label).length > 0);
  return wrong === undefined ? [] : [fieldInvalid(field, wrong, validateDns1123Label(wrong).join(','))];
}

function validateHints({ hints }: Endpoint, path: string): FieldError[] {
  const { forZones = [], forNodes = [] } = (hints ?? {}) as { forZones?: Named[]; forNodes?: Named[] };
  if (forZones.length > most.hints) return [fieldTooMany(`${path}.forZones`, forZones.length, most.hints)];
  const zones = validateNamed(forZones, `${path}.forZones`, validateLabelValue);
  if (forNodes.length > most.hints) return [...zones, fieldTooMany(`${path}.forNodes`, forNodes.length, most.hints)];
  return [...zones, ...validateNamed(forNodes, `${path}.forNodes`, validateDns1123Subdomain)];
}

interface Named {
  readonly name?: string;
}

function validateNamed(items: readonly Named[], path: string, check: (name: string) => string[]): FieldError[] {
  const seen = new Set<string>();
  return faultsOfEach(items, ({ name = '' }, i) => {
    const field = `${path}[${i}].name`;
    const faults = invalidFor(field, name, check(name));
    if (seen.has(name)) faults.unshift(fieldDuplicate(field, name));
    seen.add(name);
    return faults;
  });
}
