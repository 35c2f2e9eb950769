import type { ValidationContext } from '../../definition.ts';
import type { Service } from '../../types.ts';
import { warnOfIp, warnOfIpRange } from '../types/address.warnings.ts';

const bygoneHints = 'service.kubernetes.io/topology-aware-hints';

/** What people should know of a Service that is fine. */
export function warnOfService(service: Service, { subresource }: ValidationContext): string[] {
  return subresource === 'status' ? warnOfStatus(service) : warnOfSpec(service);
}

function warnOfSpec({ metadata, spec }: Service): string[] {
  if (!spec) return [];
  const { type, clusterIP, clusterIPs = [], externalIPs = [], externalName, loadBalancerIP, sessionAffinity } = spec;
  const isHeadless = type === 'ClusterIP' && clusterIP === 'None';
  const isNameOutside = type === 'ExternalName';
  const ignored = (field: string): string => `spec.${field} is ignored for headless services`;
  const when: readonly (readonly [boolean, () => readonly string[]])[] = [
    [
      metadata?.annotations?.[bygoneHints] !== undefined,
      () => [`annotation ${bygoneHints} is deprecated, please use service.kubernetes.io/topology-mode instead`],
    ],
    [!!clusterIP && clusterIP !== 'None', () => clusterIPs.flatMap((ip, i) => warnOfIp(ip, `spec.clusterIPs[${i}]`))],
    [isHeadless && !!loadBalancerIP, () => [ignored('loadBalancerIP')]],
    [isHeadless && externalIPs.length > 0, () => [ignored('externalIPs')]],
    // compat: with the field's name in Go.
    [isHeadless && sessionAffinity !== 'None', () => [ignored('SessionAffinity')]],
    [true, () => externalIPs.flatMap((ip, i) => warnOfIp(ip, `spec.externalIPs[${i}]`))],
    [
      externalIPs.length > 0 && !isHeadless && !isNameOutside,
      () => ['spec.externalIPs is deprecated and may no longer be implemented in some clusters'],
    ],
    [true, () => warnOfIp(loadBalancerIP ?? '', 'spec.loadBalancerIP')],
    [
      true,
      () =>
        (spec.loadBalancerSourceRanges ?? []).flatMap((range, i) =>
          warnOfIpRange(range, `spec.loadBalancerSourceRanges[${i}]`),
        ),
    ],
    [isNameOutside && externalIPs.length > 0, () => ['spec.externalIPs is ignored when spec.type is "ExternalName"']],
    [!isNameOutside && !!externalName, () => ['spec.externalName is ignored when spec.type is not "ExternalName"']],
    [
      (spec as { trafficDistribution?: string }).trafficDistribution === 'PreferClose',
      () => ['spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'],
    ],
  ];
  return when.flatMap(([holds, words]) => (holds ? words() : []));
}

/** compat: without `ip` at the end of the path. */
const warnOfStatus = ({ status }: Service): string[] =>
  (status?.loadBalancer?.ingress ?? []).flatMap(({ ip = '' }, i) => warnOfIp(ip, `status.loadBalancer.ingress[${i}]`));
