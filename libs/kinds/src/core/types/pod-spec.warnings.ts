import type { Affinity, PodAffinity, TopologySpreadConstraint } from 'kubernetes-types/core/v1';
import { quoted } from '../../faults.ts';
import { warnOfIp } from './address.warnings.ts';
import { appArmorKey, appArmorWarning, bygoneProfiles } from './app-armor.ts';
import { warnOfContainer, warnOfFraction } from './container.warnings.ts';
import { warnOfPorts } from './container-port.warnings.ts';
import { warnOfNodeLabel, warnOfNodeLabels, warnOfNodeSelectorTerm } from './node-label.warnings.ts';
import { placedContainers } from './pod-containers.ts';
import type { PodSpec } from './pod-spec.types.ts';
import { warnOfBygoneAnnotations, warnOfContainerSeccomp, warnOfPodSeccomp } from './security.warnings.ts';
import { warnOfVirtualPaths } from './virtual-path.warnings.ts';
import { warnOfVolume } from './volume.warnings.ts';

export interface PodLike {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: PodSpec;
}

/** What people should know of a pod that is fine. */
export const warnOfPod = (pod: PodLike): string[] => warningsOf(pod, '');

/** The same of a template; `path` is its own. */
export function warnOfPodTemplate(template: PodLike | undefined, path: string): string[] {
  return template ? warningsOf(template, `${path}.`) : [];
}

function warningsOf({ metadata, spec }: PodLike, prefix: string): string[] {
  const annotations = metadata?.annotations ?? {};
  const at = `${prefix}metadata.annotations`;
  const path = `${prefix}spec`;
  const containers = placedContainers(spec, path);
  // Of pods themselves it is told before the annotation becomes a field.
  const profiles = new Map(prefix ? bygoneProfiles({ metadata, spec }).map((each) => [each.container, each]) : []);
  return [
    ...warnOfNodeLabels(spec?.nodeSelector, `${path}.nodeSelector`),
    ...warnOfNodeAffinity(spec?.affinity, `${path}.affinity.nodeAffinity`),
    ...warnOfSpread(spec?.topologySpreadConstraints ?? [], `${path}.topologySpreadConstraints`),
    ...warnOfBygoneAnnotations(annotations, at),
    ...(spec?.volumes ?? []).flatMap((volume, i) => warnOfVolume(volume, `${path}.volumes[${i}]`)),
    ...(spec?.volumes ?? []).flatMap(warnOfVirtualPaths),
    ...warnOfNamesakes(spec, path),
    ...['memory', 'ephemeral-storage'].flatMap((name) => warnOfFraction(spec?.overhead, name, `${path}.overhead`)),
    ...warnOfPodSeccomp(annotations, spec, at),
    ...containers.flatMap((each) => [
      ...warnOfContainerSeccomp(annotations, each, at),
      ...(profiles.get(each.container)?.isNews ? [appArmorWarning(appArmorKey(each.container), at)] : []),
      ...warnOfContainer(each),
    ]),
    ...warnOfPorts(containers),
    ...warnOfGrace(spec?.terminationGracePeriodSeconds, `${path}.terminationGracePeriodSeconds`),
    ...warnOfPodAffinity(spec?.affinity?.podAffinity, `${path}.affinity.podAffinity`),
    ...warnOfPodAffinity(spec?.affinity?.podAntiAffinity, `${path}.affinity.podAntiAffinity`),
    ...warnOfAddresses(spec, path),
  ];
}

function warnOfNodeAffinity(affinity: Affinity | undefined, path: string): string[] {
  const { requiredDuringSchedulingIgnoredDuringExecution: required, preferredDuringSchedulingIgnoredDuringExecution } =
    affinity?.nodeAffinity ?? {};
  const terms = `${path}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`;
  const preferred = `${path}.preferredDuringSchedulingIgnoredDuringExecution`;
  return [
    ...(required?.nodeSelectorTerms ?? []).flatMap((term, i) => warnOfNodeSelectorTerm(term, `${terms}[${i}]`, false)),
    ...(preferredDuringSchedulingIgnoredDuringExecution ?? []).flatMap(({ preference }, i) =>
      warnOfNodeSelectorTerm(preference, `${preferred}[${i}].preference`, true),
    ),
  ];
}

const noSelector = (field: string): string => `${field}: a null labelSelector results in matching no pod`;

const warnOfSpread = (constraints: readonly TopologySpreadConstraint[], path: string): string[] =>
  constraints.flatMap(({ topologyKey, labelSelector }, i) => [
    ...warnOfNodeLabel(topologyKey, `${path}[${i}].topologyKey`),
    ...(labelSelector ? [] : [noSelector(`${path}[${i}].labelSelector`)]),
  ]);

function warnOfPodAffinity(affinity: PodAffinity | undefined, path: string): string[] {
  const required = affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const preferred = affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return [
    ...required.flatMap(({ labelSelector }, i) =>
      labelSelector ? [] : [noSelector(`${path}.requiredDuringSchedulingIgnoredDuringExecution[${i}].labelSelector`)],
    ),
    ...preferred.flatMap(({ podAffinityTerm }, i) => {
      const term = `${path}.preferredDuringSchedulingIgnoredDuringExecution[${i}].podAffinityTerm`;
      return podAffinityTerm?.labelSelector ? [] : [noSelector(`${term}.labelSelector`)];
    }),
  ];
}

/** Host aliases and pull secrets that are named twice, or not at all. */
function warnOfNamesakes(spec: PodSpec | undefined, path: string): string[] {
  const secrets = (spec?.imagePullSecrets ?? []).map(({ name = '' }) => name);
  const addresses = (spec?.hostAliases ?? []).map(({ ip = '' }) => ip);
  return [
    ...repeated(addresses).map(([ip, i]) => `${path}.hostAliases[${i}].ip: duplicate ip ${quoted(ip)}`),
    ...repeated(secrets).map(([name, i]) => `${path}.imagePullSecrets[${i}].name: duplicate name ${quoted(name)}`),
    ...secrets.flatMap((name, i) =>
      name ? [] : [`${path}.imagePullSecrets[${i}].name: invalid empty name ${quoted(name)}`],
    ),
  ];
}

function repeated(names: readonly string[]): [name: string, index: number][] {
  const seen = new Set<string>();
  return names.flatMap((name, i) => {
    if (seen.has(name)) return [[name, i] as [string, number]];
    seen.add(name);
    return [];
  });
}

const warnOfGrace = (seconds: number | undefined, field: string): string[] =>
  seconds !== undefined && seconds < 0
    ? [`${field}: must be >= 0; negative values are invalid and will be treated as 1`]
    : [];

function warnOfAddresses(spec: PodSpec | undefined, path: string): string[] {
  const nameservers = spec?.dnsConfig?.nameservers ?? [];
  return [
    ...nameservers.flatMap((ip, i) => warnOfIp(ip, `${path}.dnsConfig.nameservers[${i}]`)),
    ...(spec?.hostAliases ?? []).flatMap(({ ip = '' }, i) => warnOfIp(ip, `${path}.hostAliases[${i}].ip`)),
  ];
}
