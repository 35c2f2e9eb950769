import { collectWarnings, type ValidationContext, type Warn } from '@kubernest/definitions';
import type { Service } from '../../types.ts';
import { warnOfIp, warnOfIpRange } from '../types/address.warnings.ts';

const bygoneHints = 'service.kubernetes.io/topology-aware-hints';

/** What people should know of a Service that is fine. */
export const warnOfService = (service: Service, { subresource }: ValidationContext): string[] =>
  collectWarnings((warn) => (subresource === 'status' ? warnOfStatus(service, warn) : warnOfSpec(service, warn)));

function warnOfSpec({ metadata, spec }: Service, warn: Warn): void {
  if (!spec) return;
  if (metadata?.annotations?.[bygoneHints] !== undefined)
    warn(`annotation ${bygoneHints} is deprecated, please use service.kubernetes.io/topology-mode instead`);
  warnOfAddresses(spec, warn);
  const { type, externalIPs = [], externalName } = spec;
  const isNameOutside = type === 'ExternalName';
  if (isNameOutside && externalIPs.length > 0) warn('spec.externalIPs is ignored when spec.type is "ExternalName"');
  if (!isNameOutside && externalName) warn('spec.externalName is ignored when spec.type is not "ExternalName"');
  if ((spec as { trafficDistribution?: string }).trafficDistribution === 'PreferClose')
    warn('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"');
}

function warnOfAddresses(spec: NonNullable<Service['spec']>, warn: Warn): void {
  const { type, clusterIP, clusterIPs = [], externalIPs = [], loadBalancerIP, loadBalancerSourceRanges = [] } = spec;
  const isHeadless = type === 'ClusterIP' && clusterIP === 'None';
  if (clusterIP && clusterIP !== 'None')
    for (const [i, ip] of clusterIPs.entries()) warnOfIp(ip, `spec.clusterIPs[${i}]`, warn);
  const ignored = (field: string): void => warn(`spec.${field} is ignored for headless services`);
  if (isHeadless && loadBalancerIP) ignored('loadBalancerIP');
  if (isHeadless && externalIPs.length > 0) ignored('externalIPs');
  // compat: with the field's name in Go.
  if (isHeadless && spec.sessionAffinity !== 'None') ignored('SessionAffinity');
  for (const [i, ip] of externalIPs.entries()) warnOfIp(ip, `spec.externalIPs[${i}]`, warn);
  if (externalIPs.length > 0 && !isHeadless && type !== 'ExternalName')
    warn('spec.externalIPs is deprecated and may no longer be implemented in some clusters');
  warnOfIp(loadBalancerIP ?? '', 'spec.loadBalancerIP', warn);
  for (const [i, range] of loadBalancerSourceRanges.entries())
    warnOfIpRange(range, `spec.loadBalancerSourceRanges[${i}]`, warn);
}

/** compat: without `ip` at the end of the path. */
function warnOfStatus({ status }: Service, warn: Warn): void {
  for (const [i, { ip = '' }] of (status?.loadBalancer?.ingress ?? []).entries())
    warnOfIp(ip, `status.loadBalancer.ingress[${i}]`, warn);
}
