import { quoted, type Tell } from '@kubernest/definitions';
import type { Affinity, PodAffinity, TopologySpreadConstraint } from 'kubernetes-types/core/v1';
import { warnOfIp } from './address.warnings.ts';
import { appArmorKey, appArmorWarning, bygoneProfiles } from './app-armor.ts';
import { warnOfContainer, warnOfFractions } from './container.warnings.ts';
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
export const warnOfPod = (pod: PodLike, tell: Tell): void => warnOf(pod, '', tell);

/** The same of a template; `path` is its own. */
export function warnOfPodTemplate(template: PodLike | undefined, path: string, tell: Tell): void {
  if (template) warnOf(template, `${path}.`, tell);
}

const none: Readonly<Record<string, string>> = {};

function warnOf({ metadata, spec }: PodLike, prefix: string, tell: Tell): void {
  const annotations = metadata?.annotations ?? none;
  const at = `${prefix}metadata.annotations`;
  const path = `${prefix}spec`;
  if (spec?.nodeSelector) warnOfNodeLabels(spec.nodeSelector, `${path}.nodeSelector`, tell);
  if (spec?.affinity?.nodeAffinity) warnOfNodeAffinity(spec.affinity, `${path}.affinity.nodeAffinity`, tell);
  if (spec?.topologySpreadConstraints)
    warnOfSpread(spec.topologySpreadConstraints, `${path}.topologySpreadConstraints`, tell);
  warnOfBygoneAnnotations(annotations, at, tell);
  if (spec?.volumes) warnOfVolumes(spec.volumes, `${path}.volumes`, tell);
  warnOfNamesakes(spec, path, tell);
  if (spec?.overhead) warnOfFractions(spec.overhead, `${path}.overhead`, tell);
  warnOfPodSeccomp(annotations, spec, at, tell);
  warnOfContainers({ metadata, spec }, prefix, tell);
  warnOfGrace(spec?.terminationGracePeriodSeconds, `${path}.terminationGracePeriodSeconds`, tell);
  if (spec?.affinity?.podAffinity) warnOfPodAffinity(spec.affinity.podAffinity, `${path}.affinity.podAffinity`, tell);
  if (spec?.affinity?.podAntiAffinity)
    warnOfPodAffinity(spec.affinity.podAntiAffinity, `${path}.affinity.podAntiAffinity`, tell);
  warnOfAddresses(spec, path, tell);
}

function warnOfVolumes(volumes: NonNullable<PodSpec['volumes']>, path: string, tell: Tell): void {
  for (const [i, volume] of volumes.entries()) warnOfVolume(volume, `${path}[${i}]`, tell);
  for (const volume of volumes) warnOfVirtualPaths(volume, tell);
}

function warnOfContainers({ metadata, spec }: PodLike, prefix: string, tell: Tell): void {
  const annotations = metadata?.annotations ?? none;
  const at = `${prefix}metadata.annotations`;
  const containers = placedContainers(spec, `${prefix}spec`);
  // Of pods themselves it is told before the annotation becomes a field.
  const profiles = prefix ? bygoneProfiles({ metadata, spec }) : [];
  for (const each of containers) {
    const { container } = each;
    warnOfContainerSeccomp(annotations, each, at, tell);
    if (profiles.some((profile) => profile.container === container && profile.isNews))
      tell(appArmorWarning(appArmorKey(container), at));
    warnOfContainer(each, tell);
  }
  warnOfPorts(containers, tell);
}

function warnOfNodeAffinity({ nodeAffinity }: Affinity, path: string, tell: Tell): void {
  const { requiredDuringSchedulingIgnoredDuringExecution: required, preferredDuringSchedulingIgnoredDuringExecution } =
    nodeAffinity ?? {};
  const terms = `${path}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`;
  const preferred = `${path}.preferredDuringSchedulingIgnoredDuringExecution`;
  for (const [i, term] of (required?.nodeSelectorTerms ?? []).entries())
    warnOfNodeSelectorTerm(term, { path: `${terms}[${i}]`, isPreferred: false }, tell);
  for (const [i, { preference }] of (preferredDuringSchedulingIgnoredDuringExecution ?? []).entries())
    warnOfNodeSelectorTerm(preference, { path: `${preferred}[${i}].preference`, isPreferred: true }, tell);
}

const noSelector = (field: string): string => `${field}: a null labelSelector results in matching no pod`;

function warnOfSpread(constraints: readonly TopologySpreadConstraint[], path: string, tell: Tell): void {
  for (const [i, { topologyKey, labelSelector }] of constraints.entries()) {
    warnOfNodeLabel(topologyKey, `${path}[${i}].topologyKey`, tell);
    if (!labelSelector) tell(noSelector(`${path}[${i}].labelSelector`));
  }
}

function warnOfPodAffinity(affinity: PodAffinity, path: string, tell: Tell): void {
  const required = `${path}.requiredDuringSchedulingIgnoredDuringExecution`;
  const preferred = `${path}.preferredDuringSchedulingIgnoredDuringExecution`;
  for (const [i, term] of (affinity.requiredDuringSchedulingIgnoredDuringExecution ?? []).entries())
    if (!term.labelSelector) tell(noSelector(`${required}[${i}].labelSelector`));
  for (const [i, { podAffinityTerm }] of (affinity.preferredDuringSchedulingIgnoredDuringExecution ?? []).entries())
    if (!podAffinityTerm?.labelSelector) tell(noSelector(`${preferred}[${i}].podAffinityTerm.labelSelector`));
}

/** Host aliases and pull secrets that are named twice, or not at all. */
function warnOfNamesakes(spec: PodSpec | undefined, path: string, tell: Tell): void {
  const { imagePullSecrets, hostAliases } = spec ?? {};
  if (hostAliases)
    for (const [i, ip] of repeated(hostAliases.map(({ ip = '' }) => ip)))
      tell(`${path}.hostAliases[${i}].ip: duplicate ip ${quoted(ip)}`);
  if (!imagePullSecrets) return;
  const secrets = imagePullSecrets.map(({ name = '' }) => name);
  for (const [i, name] of repeated(secrets))
    tell(`${path}.imagePullSecrets[${i}].name: duplicate name ${quoted(name)}`);
  for (const [i, name] of secrets.entries())
    if (!name) tell(`${path}.imagePullSecrets[${i}].name: invalid empty name ${quoted(name)}`);
}

/** Those that stood before, and where they stand again. */
function* repeated(names: readonly string[]): Generator<[index: number, name: string]> {
  const seen = new Set<string>();
  for (const [i, name] of names.entries()) {
    if (seen.has(name)) yield [i, name];
    seen.add(name);
  }
}

function warnOfGrace(seconds: number | undefined, field: string, tell: Tell): void {
  if (seconds === undefined || seconds >= 0) return;
  tell(`${field}: must be >= 0; negative values are invalid and will be treated as 1`);
}

function warnOfAddresses(spec: PodSpec | undefined, path: string, tell: Tell): void {
  for (const [i, ip] of (spec?.dnsConfig?.nameservers ?? []).entries())
    warnOfIp(ip, `${path}.dnsConfig.nameservers[${i}]`, tell);
  for (const [i, { ip = '' }] of (spec?.hostAliases ?? []).entries())
    warnOfIp(ip, `${path}.hostAliases[${i}].ip`, tell);
}
