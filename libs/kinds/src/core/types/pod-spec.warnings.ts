import type { Affinity, PodAffinity, PodSpec, TopologySpreadConstraint } from '@kubernest/api-types/core/v1';
import { quoted, type Warn } from '@kubernest/definitions';
import { warnOfIp } from './address.warnings.ts';
import { appArmorKey, appArmorWarning, bygoneProfiles } from './app-armor.ts';
import { warnOfContainer, warnOfFractions } from './container.warnings.ts';
import { warnOfPorts } from './container-port.warnings.ts';
import { warnOfNodeLabel, warnOfNodeLabels, warnOfNodeSelectorTerm } from './node-label.warnings.ts';
import { placedContainers } from './pod-containers.ts';
import { warnOfBygoneAnnotations, warnOfContainerSeccomp, warnOfPodSeccomp } from './security.warnings.ts';
import { warnOfVirtualPaths } from './virtual-path.warnings.ts';
import { warnOfVolume } from './volume.warnings.ts';

export interface PodLike {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: PodSpec;
}

/** What people should know of a pod that is fine. */
export const warnOfPod = (pod: PodLike, warn: Warn): void => warnOf(pod, '', warn);

/** The same of a template; `path` is its own. */
export function warnOfPodTemplate(template: PodLike | undefined, path: string, warn: Warn): void {
  if (template) warnOf(template, `${path}.`, warn);
}

const none: Readonly<Record<string, string>> = {};

function warnOf({ metadata, spec }: PodLike, prefix: string, warn: Warn): void {
  const annotations = metadata?.annotations ?? none;
  const at = `${prefix}metadata.annotations`;
  const path = `${prefix}spec`;
  if (spec?.nodeSelector) warnOfNodeLabels(spec.nodeSelector, `${path}.nodeSelector`, warn);
  if (spec?.affinity?.nodeAffinity) warnOfNodeAffinity(spec.affinity, `${path}.affinity.nodeAffinity`, warn);
  if (spec?.topologySpreadConstraints)
    warnOfSpread(spec.topologySpreadConstraints, `${path}.topologySpreadConstraints`, warn);
  warnOfBygoneAnnotations(annotations, at, warn);
  if (spec?.volumes) warnOfVolumes(spec.volumes, `${path}.volumes`, warn);
  warnOfNamesakes(spec, path, warn);
  if (spec?.overhead) warnOfFractions(spec.overhead, `${path}.overhead`, warn);
  warnOfPodSeccomp(annotations, spec, at, warn);
  warnOfContainers({ metadata, spec }, prefix, warn);
  warnOfGrace(spec?.terminationGracePeriodSeconds, `${path}.terminationGracePeriodSeconds`, warn);
  if (spec?.affinity?.podAffinity) warnOfPodAffinity(spec.affinity.podAffinity, `${path}.affinity.podAffinity`, warn);
  if (spec?.affinity?.podAntiAffinity)
    warnOfPodAffinity(spec.affinity.podAntiAffinity, `${path}.affinity.podAntiAffinity`, warn);
  warnOfAddresses(spec, path, warn);
}

function warnOfVolumes(volumes: NonNullable<PodSpec['volumes']>, path: string, warn: Warn): void {
  for (const [i, volume] of volumes.entries()) warnOfVolume(volume, `${path}[${i}]`, warn);
  for (const volume of volumes) warnOfVirtualPaths(volume, warn);
}

function warnOfContainers({ metadata, spec }: PodLike, prefix: string, warn: Warn): void {
  const annotations = metadata?.annotations ?? none;
  const at = `${prefix}metadata.annotations`;
  const containers = placedContainers(spec, `${prefix}spec`);
  // Of pods themselves it is told before the annotation becomes a field.
  const profiles = prefix ? bygoneProfiles({ metadata, spec }) : [];
  const confinedByNews = new Set(profiles.filter(({ isNews }) => isNews).map(({ container }) => container));
  for (const each of containers) {
    const { container } = each;
    warnOfContainerSeccomp(annotations, each, at, warn);
    if (confinedByNews.has(container)) warn(appArmorWarning(appArmorKey(container), at));
    warnOfContainer(each, warn);
  }
  warnOfPorts(containers, warn);
}

function warnOfNodeAffinity({ nodeAffinity }: Affinity, path: string, warn: Warn): void {
  const { requiredDuringSchedulingIgnoredDuringExecution: required, preferredDuringSchedulingIgnoredDuringExecution } =
    nodeAffinity ?? {};
  const terms = `${path}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`;
  const preferred = `${path}.preferredDuringSchedulingIgnoredDuringExecution`;
  for (const [i, term] of (required?.nodeSelectorTerms ?? []).entries())
    warnOfNodeSelectorTerm(term, { path: `${terms}[${i}]`, isPreferred: false }, warn);
  for (const [i, { preference }] of (preferredDuringSchedulingIgnoredDuringExecution ?? []).entries())
    warnOfNodeSelectorTerm(preference, { path: `${preferred}[${i}].preference`, isPreferred: true }, warn);
}

const noSelector = (field: string): string => `${field}: a null labelSelector results in matching no pod`;

function warnOfSpread(constraints: readonly TopologySpreadConstraint[], path: string, warn: Warn): void {
  for (const [i, { topologyKey, labelSelector }] of constraints.entries()) {
    warnOfNodeLabel(topologyKey, `${path}[${i}].topologyKey`, warn);
    if (!labelSelector) warn(noSelector(`${path}[${i}].labelSelector`));
  }
}

function warnOfPodAffinity(affinity: PodAffinity, path: string, warn: Warn): void {
  const required = `${path}.requiredDuringSchedulingIgnoredDuringExecution`;
  const preferred = `${path}.preferredDuringSchedulingIgnoredDuringExecution`;
  for (const [i, term] of (affinity.requiredDuringSchedulingIgnoredDuringExecution ?? []).entries())
    if (!term.labelSelector) warn(noSelector(`${required}[${i}].labelSelector`));
  for (const [i, { podAffinityTerm }] of (affinity.preferredDuringSchedulingIgnoredDuringExecution ?? []).entries())
    if (!podAffinityTerm?.labelSelector) warn(noSelector(`${preferred}[${i}].podAffinityTerm.labelSelector`));
}

/** Host aliases and pull secrets that are named twice, or not at all. */
function warnOfNamesakes(spec: PodSpec | undefined, path: string, warn: Warn): void {
  const { imagePullSecrets, hostAliases } = spec ?? {};
  if (hostAliases)
    for (const [i, ip] of repeated(hostAliases.map(({ ip = '' }) => ip)))
      warn(`${path}.hostAliases[${i}].ip: duplicate ip ${quoted(ip)}`);
  if (!imagePullSecrets) return;
  const secrets = imagePullSecrets.map(({ name = '' }) => name);
  for (const [i, name] of repeated(secrets))
    warn(`${path}.imagePullSecrets[${i}].name: duplicate name ${quoted(name)}`);
  for (const [i, name] of secrets.entries())
    if (!name) warn(`${path}.imagePullSecrets[${i}].name: invalid empty name ${quoted(name)}`);
}

/** Those that stood before, and where they stand again. */
function* repeated(names: readonly string[]): Generator<[index: number, name: string]> {
  const seen = new Set<string>();
  for (const [i, name] of names.entries()) {
    if (seen.has(name)) yield [i, name];
    seen.add(name);
  }
}

function warnOfGrace(seconds: number | undefined, field: string, warn: Warn): void {
  if (seconds === undefined || seconds >= 0) return;
  warn(`${field}: must be >= 0; negative values are invalid and will be treated as 1`);
}

function warnOfAddresses(spec: PodSpec | undefined, path: string, warn: Warn): void {
  for (const [i, ip] of (spec?.dnsConfig?.nameservers ?? []).entries())
    warnOfIp(ip, `${path}.dnsConfig.nameservers[${i}]`, warn);
  for (const [i, { ip = '' }] of (spec?.hostAliases ?? []).entries())
    warnOfIp(ip, `${path}.hostAliases[${i}].ip`, warn);
}
