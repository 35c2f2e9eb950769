import type { LoadBalancerIngress } from '@kubernest/api-types/core/v1';
import { faultsOfEach, invalidFor, oneOf, optionalForm } from '@kubernest/definitions';
import {
  type FieldError,
  fieldForbidden,
  fieldInvalid,
  fieldRequired,
  parseIp,
  validateDns1123Subdomain,
  validateIp,
} from '@kubernest/meta';
import type { Service } from '../../types.ts';

type Ingress = LoadBalancerIngress & { readonly ipMode?: string };

const field = 'status.loadBalancer.ingress';
const ipModes = ['Proxy', 'VIP'];

/** What a load balancer may say of itself: every node makes rules of it. compat: addresses that were accepted before are not looked at again. */
export function validateServiceStatus({ spec, status }: Service, old: Service | undefined): FieldError[] {
  const ingress: readonly Ingress[] = status?.loadBalancer?.ingress ?? [];
  if (ingress.length === 0) return [];
  if (spec?.type !== 'LoadBalancer')
    return [fieldForbidden(field, "may only be used when `spec.type` is 'LoadBalancer'")];
  const known = new Set((old?.status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip));
  return faultsOfEach(ingress, (each, i) => [
    ...(each.ip && !known.has(each.ip) ? invalidFor(`${field}[${i}].ip`, each.ip, validateIp(each.ip)) : []),
    ...validateMode(each, `${field}[${i}].ipMode`),
    ...validateHostname(each.hostname, `${field}[${i}].hostname`),
  ]);
}

function validateMode({ ip, ipMode }: Ingress, path: string): FieldError[] {
  if (ipMode === undefined) return ip ? [fieldRequired(path, 'must be specified when `ip` is set')] : [];
  if (!ip) return [fieldForbidden(path, 'may not be specified when `ip` is not set')];
  return oneOf(path, ipMode, ipModes);
}

function validateHostname(hostname: string | undefined, path: string): FieldError[] {
  if (!hostname) return [];
  const faults = optionalForm(path, hostname, validateDns1123Subdomain);
  if (parseIp(hostname)) faults.push(fieldInvalid(path, hostname, 'must be a DNS name, not an IP address'));
  return faults;
}
