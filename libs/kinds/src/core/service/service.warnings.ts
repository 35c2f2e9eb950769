import { type Tell, told, type ValidationContext } from '@kubernest/definitions';
import type { Service } from '../../types.ts';
import { warnOfIp, warnOfIpRange } from '../types/address.warnings.ts';

const bygoneHints = 'service.kubernetes.io/topology-aware-hints';

/** What people should know of a Service that is fine. */
export const warnOfService = (service: Service, { subresource }: ValidationContext): string[] =>
  told((tell) => (subresource === 'status' ? warnOfStatus(service, tell) : warnOfSpec(service, tell)));

function warnOfSpec({ metadata, spec }: Service, tell: Tell): void {
  if (!spec) return;
  if (metadata?.annotations?.[bygoneHints] !== undefined)
    tell(`annotation ${bygoneHints} is deprecated, please use service.kubernetes.io/topology-mode instead`);
  warnOfAddresses(spec, tell);
  const { type, externalIPs = [], externalName } = spec;
  const isNameOutside = type === 'ExternalName';
  if (isNameOutside && externalIPs.length > 0) tell('spec.externalIPs is ignored when spec.type is "ExternalName"');
  if (!isNameOutside && externalName) tell('spec.externalName is ignored when spec.type is not "ExternalName"');
  if ((spec as { trafficDistribution?: string }).trafficDistribution === 'PreferClose')
    tell('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"');
}

function warnOfAddresses(spec: NonNullable<Service['spec']>, tell: Tell): void {
  const { type, clusterIP, clusterIPs = [], externalIPs = [], loadBalancerIP, loadBalancerSourceRanges = [] } = spec;
  const isHeadless = type === 'ClusterIP' && clusterIP === 'None';
  if (clusterIP && clusterIP !== 'None')
    for (const [i, ip] of clusterIPs.entries()) warnOfIp(ip, `spec.clusterIPs[${i}]`, tell);
  const ignored = (field: string): void => tell(`spec.${field} is ignored for headless services`);
  if (isHeadless && loadBalancerIP) ignored('loadBalancerIP');
  if (isHeadless && externalIPs.length > 0) ignored('externalIPs');
  // compat: with the field's name in Go.
  if (isHeadless && spec.sessionAffinity !== 'None') ignored('SessionAffinity');
  for (const [i, ip] of externalIPs.entries()) warnOfIp(ip, `spec.externalIPs[${i}]`, tell);
  if (externalIPs.length > 0 && !isHeadless && type !== 'ExternalName')
    tell('spec.externalIPs is deprecated and may no longer be implemented in some clusters');
  warnOfIp(loadBalancerIP ?? '', 'spec.loadBalancerIP', tell);
  for (const [i, range] of loadBalancerSourceRanges.entries())
    warnOfIpRange(range, `spec.loadBalancerSourceRanges[${i}]`, tell);
}

/** compat: without `ip` at the end of the path. */
function warnOfStatus({ status }: Service, tell: Tell): void {
  for (const [i, { ip = '' }] of (status?.loadBalancer?.ingress ?? []).entries())
    warnOfIp(ip, `status.loadBalancer.ingress[${i}]`, tell);
}
