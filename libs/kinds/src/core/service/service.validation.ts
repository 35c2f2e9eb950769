import type { ServiceSpec } from '@kubernest/api-types/core/v1';
import {
  faultsOfEach,
  invalidFor,
  oneOf,
  optionalForm,
  requiredOneOf,
  type ValidationContext,
} from '@kubernest/definitions';
import {
  type FieldError,
  fieldForbidden,
  fieldInvalid,
  fieldRequired,
  validateDns1123Subdomain,
  validateIp,
  validateQualifiedName,
} from '@kubernest/meta';
import type { Service } from '../../types.ts';
import { validateReachable } from '../types/address.validation.ts';
import { validateLabels } from '../types/metadata.validation.ts';
import { isHeadless, validateAddressChange, validateAddresses } from './service-address.validation.ts';
import { validatePorts } from './service-port.validation.ts';
import { validateServiceStatus } from './service-status.validation.ts';
import { validateSourceRanges } from './source-ranges.validation.ts';

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const trafficPolicies = ['Cluster', 'Local'];
const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];

export function validateService(service: Service, { subresource, old }: ValidationContext): FieldError[] {
  if (subresource === 'status') return validateServiceStatus(service, old as Service | undefined);
  const { spec = {} } = service;
  const before = (old as Service | undefined)?.spec ?? {};
  return [
    ...validateByType(spec),
    ...validatePorts(spec),
    ...validateLabels(spec.selector, 'spec.selector'),
    ...validateAffinity(spec),
    ...validateAddresses(spec, before),
    ...validateExternalAddresses(spec.externalIPs ?? [], before.externalIPs ?? []),
    ...requiredOneOf('spec.type', spec.type, types),
    ...validateSourceRanges(service, old as Service | undefined),
    ...validateLoadBalancer(spec),
    ...validateTraffic(spec),
  ];
}

export function validateServiceUpdate({ spec = {} }: Service, { spec: old = {} }: Service): FieldError[] {
  const faults = validateAddressChange(spec, old);
  if (old.type === 'LoadBalancer' && spec.type === 'LoadBalancer' && old.loadBalancerClass !== spec.loadBalancerClass)
    faults.push(fieldInvalid('spec.loadBalancerClass', spec.loadBalancerClass ?? null, 'may not change once set'));
  if (needsHealthCheck(old) && needsHealthCheck(spec) && old.healthCheckNodePort !== spec.healthCheckNodePort)
    faults.push(fieldForbidden('spec.healthCheckNodePort', 'field is immutable'));
  return faults;
}

function validateByType(spec: ServiceSpec): FieldError[] {
  const { type } = spec;
  const faults: FieldError[] = [];
  if (!spec.ports?.length && !isHeadless(spec) && type !== 'ExternalName') faults.push(fieldRequired('spec.ports'));
  if (type === 'LoadBalancer' || type === 'NodePort')
    return isHeadless(spec)
      ? [...faults, fieldInvalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`)]
      : faults;
  if (type !== 'ExternalName') return faults;
  const unset = 'may not be set for ExternalName services';
  if (spec.clusterIPs?.length) faults.push(fieldForbidden('spec.clusterIPs', unset));
  if (spec.ipFamilies?.length) faults.push(fieldForbidden('spec.ipFamilies', unset));
  if (spec.ipFamilyPolicy !== undefined) faults.push(fieldForbidden('spec.ipFamilyPolicy', unset));
  const name = (spec.externalName ?? '').replace(/\.$/, '');
  if (!name) return [...faults, fieldRequired('spec.externalName')];
  return [...faults, ...invalidFor('spec.externalName', name, validateDns1123Subdomain(name))];
}

const longestAffinitySeconds = 86_400;

function validateAffinity({ sessionAffinity, sessionAffinityConfig: config }: ServiceSpec): FieldError[] {
  const field = 'spec.sessionAffinityConfig';
  const faults = requiredOneOf('spec.sessionAffinity', sessionAffinity, ['ClientIP', 'None']);
  if (sessionAffinity === 'None' && config)
    faults.push(fieldForbidden(field, 'must not be set when session affinity is None'));
  if (sessionAffinity !== 'ClientIP') return faults;
  const seconds = config?.clientIP?.timeoutSeconds;
  if (seconds === undefined)
    return [...faults, fieldRequired(`${field}.clientIP.timeoutSeconds`, 'when session affinity type is ClientIP')];
  if (seconds > 0 && seconds <= longestAffinitySeconds) return faults;
  const why = `must be greater than 0 and less than ${longestAffinitySeconds}`;
  return [...faults, fieldInvalid(`${field}.clientIP.timeoutSeconds`, seconds, why)];
}

/** compat: addresses that were accepted before are not looked at again. */
function validateExternalAddresses(addresses: readonly string[], before: readonly string[]): FieldError[] {
  const known = new Set(before);
  return faultsOfEach(addresses, (address, i) => {
    const field = `spec.externalIPs[${i}]`;
    const faults = known.has(address) ? [] : invalidFor(field, address, validateIp(address));
    return faults.length > 0 ? faults : validateReachable(address, field);
  });
}

function validateLoadBalancer(spec: ServiceSpec): FieldError[] {
  const { loadBalancerClass, allocateLoadBalancerNodePorts: allocates } = spec;
  const isBalancer = spec.type === 'LoadBalancer';
  const only = "may only be used when `type` is 'LoadBalancer'";
  const faults: FieldError[] = [];
  if (allocates !== undefined && !isBalancer) faults.push(fieldForbidden('spec.allocateLoadBalancerNodePorts', only));
  if (loadBalancerClass !== undefined && !isBalancer) faults.push(fieldForbidden('spec.loadBalancerClass', only));
  else faults.push(...optionalForm('spec.loadBalancerClass', loadBalancerClass, validateQualifiedName));
  return faults;
}

export const isReachedFromOutside = ({ type, externalIPs }: ServiceSpec): boolean =>
  type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && (externalIPs?.length ?? 0) > 0);

export const needsHealthCheck = ({ type, externalTrafficPolicy }: ServiceSpec): boolean =>
  type === 'LoadBalancer' && externalTrafficPolicy === 'Local';

function validateTraffic(spec: ServiceSpec & { readonly trafficDistribution?: string }): FieldError[] {
  const { externalTrafficPolicy: external, internalTrafficPolicy: internal, healthCheckNodePort, type } = spec;
  const faults: FieldError[] = [];
  if (isReachedFromOutside(spec))
    faults.push(...requiredOneOf('spec.externalTrafficPolicy', external, trafficPolicies));
  else if (external)
    faults.push(
      fieldInvalid('spec.externalTrafficPolicy', external, 'may only be set for externally-accessible services'),
    );
  if (healthCheckNodePort && !needsHealthCheck(spec)) {
    const why = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
    faults.push(fieldInvalid('spec.healthCheckNodePort', healthCheckNodePort, why));
  }
  if (internal !== undefined) faults.push(...oneOf('spec.internalTrafficPolicy', internal, trafficPolicies));
  else if (type !== 'ExternalName' && types.includes(type ?? ''))
    faults.push(fieldRequired('spec.internalTrafficPolicy'));
  if (spec.trafficDistribution !== undefined)
    faults.push(...oneOf('spec.trafficDistribution', spec.trafficDistribution, distributions));
  return faults;
}
