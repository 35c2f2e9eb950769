import type { PodSpec, PodTemplateSpec } from '@kubernest/api-types/core/v1';
import { faultsOfEach, invalidFor, oneOf, optionalForm, requiredOneOf } from '@kubernest/definitions';
import {
  append,
  type FieldError,
  fieldDuplicate,
  fieldForbidden,
  fieldInvalid,
  fieldRequired,
  fieldTooLong,
  validateDns1123Label,
  validateDns1123Subdomain,
  validateIp,
  validateQualifiedName,
} from '@kubernest/meta';
import { validateAffinity } from './affinity.validation.ts';
import { validateContainers } from './container.validation.ts';
import { validateHostNetworkPorts } from './container-port.validation.ts';
import { validateLabels, validateTemplateMeta } from './metadata.validation.ts';
import { validatePodAnnotations } from './pod-annotations.validation.ts';
import { validatePodDns } from './pod-dns.validation.ts';
import { validateOverhead, validatePodResources } from './resources.validation.ts';
import { validatePodSecurity } from './security-context.validation.ts';
import { validateTolerations } from './toleration.validation.ts';
import { validateTopologySpread } from './topology-spread.validation.ts';
import { validateVolumes } from './volume.validation.ts';

/** Every fault of a pod's spec, be it a pod's own or a template's. */
export function validatePodSpec(spec: PodSpec | undefined, path: string, isTemplate = false): FieldError[] {
  if (!spec) return [fieldRequired(path)];
  const volumes = validateVolumes(spec.volumes ?? [], `${path}.volumes`, isTemplate);
  return [
    ...volumes.faults,
    ...validateResourceClaims(spec, `${path}.resourceClaims`),
    ...validateContainers(spec, volumes.sound, path),
    ...validatePodResources(spec, `${path}.resources`),
    ...(spec.hostNetwork ? validateHostNetworkPorts(spec.containers ?? [], `${path}.containers`, isTemplate) : []),
    ...requiredOneOf(`${path}.restartPolicy`, spec.restartPolicy, ['Always', 'OnFailure', 'Never']),
    ...requiredOneOf(`${path}.dnsPolicy`, spec.dnsPolicy, dnsPolicies),
    ...validateLabels(spec.nodeSelector, `${path}.nodeSelector`),
    ...validatePodSecurity(spec, `${path}.securityContext`),
    ...validateAffinity(spec.affinity, `${path}.affinity`),
    ...validatePodDns(spec, `${path}.dnsConfig`),
    ...validateGates(spec, path),
    ...validateTopologySpread(spec.topologySpreadConstraints ?? [], `${path}.topologySpreadConstraints`),
    ...validateHostNames(spec, path),
    ...validateNames(spec, path),
    ...validateDeadline(spec.activeDeadlineSeconds, `${path}.activeDeadlineSeconds`),
    ...validateTolerations(spec.tolerations ?? [], `${path}.tolerations`),
    ...validateHostAliases(spec, `${path}.hostAliases`),
    ...validatePlace(spec, path),
  ];
}

export function validatePodTemplate(template: PodTemplateSpec | undefined, path: string): FieldError[] {
  if (!template) return [fieldRequired(path)];
  const spec = template.spec as PodSpec | undefined;
  const { ephemeralContainers = [] } = spec ?? {};
  return [
    // compat: labels and annotations are said to be the template's own.
    ...validateTemplateMeta(template.metadata, path),
    ...validatePodAnnotations(template.metadata?.annotations, spec, `${path}.annotations`),
    ...validatePodSpec(spec, `${path}.spec`, true),
    ...(ephemeralContainers.length > 0
      ? [fieldForbidden(`${path}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template')]
      : []),
  ];
}

const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];

function validateResourceClaims({ resourceClaims = [] }: PodSpec, path: string): FieldError[] {
  const seen = new Set<string>();
  return faultsOfEach(resourceClaims, (claim, i) => {
    const here = `${path}[${i}]`;
    const { name } = claim;
    const faults = name
      ? invalidFor(`${here}.name`, name, validateDns1123Label(name))
      : [fieldRequired(`${here}.name`)];
    if (name && seen.has(name)) faults.push(fieldDuplicate(`${here}.name`, name));
    seen.add(name);
    const given = [claim.resourceClaimName, claim.resourceClaimTemplateName].filter(
      (each) => each !== undefined,
    ).length;
    if (given !== 1) {
      const why =
        given === 0
          ? 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`'
          : 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified';
      faults.push(fieldInvalid(here, claim, why));
    }
    return faults;
  });
}

function validateGates({ schedulingGates = [], readinessGates = [] }: PodSpec, path: string): FieldError[] {
  const seen = new Set<string>();
  return [
    ...readinessGates.flatMap(({ conditionType = '' }, i) =>
      invalidFor(`${path}.readinessGates[${i}].conditionType`, conditionType, validateQualifiedName(conditionType)),
    ),
    ...schedulingGates.flatMap(({ name = '' }, i) => {
      const here = `${path}.schedulingGates[${i}]`;
      const faults = invalidFor(here, name, validateQualifiedName(name));
      if (seen.has(name)) faults.push(fieldDuplicate(here, name));
      seen.add(name);
      return faults;
    }),
  ];
}

const longestHostname = 64;

function validateHostNames(spec: PodSpec, path: string): FieldError[] {
  const { hostnameOverride: name, hostUsers, hostPID, hostIPC, hostNetwork } = spec;
  const faults: FieldError[] = [];
  // compat: two of the names as Kubernetes writes them.
  if (hostUsers === false && hostNetwork)
    faults.push(fieldForbidden(`${path}.hostNetwork`, 'when `hostUsers` is false'));
  if (hostUsers === false && hostPID) faults.push(fieldForbidden(`${path}.HostPID`, 'when `hostUsers` is false'));
  if (hostUsers === false && hostIPC) faults.push(fieldForbidden(`${path}.HostIPC`, 'when `hostUsers` is false'));
  if (name === undefined) return faults;
  const field = `${path}.hostnameOverride`;
  if (spec.setHostnameAsFQDN) faults.push(fieldForbidden(field, 'may not be specified when setHostnameAsFQDN is true'));
  if (hostNetwork) faults.push(fieldForbidden(field, 'may not be specified when hostNetwork is true'));
  if (name.length > longestHostname) faults.push(fieldTooLong(field, longestHostname));
  return [...faults, ...invalidFor(field, name, validateDns1123Subdomain(name))];
}

function validateNames(spec: PodSpec, path: string): FieldError[] {
  const named = (
    field: 'nodeName' | 'serviceAccountName' | 'hostname' | 'subdomain' | 'priorityClassName',
    check: (text: string) => string[],
  ) => optionalForm(`${path}.${field}`, spec[field] || undefined, check);
  return [
    ...named('serviceAccountName', validateDns1123Subdomain),
    ...named('nodeName', validateDns1123Subdomain),
    ...named('hostname', validateDns1123Label),
    ...named('subdomain', validateDns1123Label),
    ...named('priorityClassName', validateDns1123Subdomain),
    ...optionalForm(`${path}.runtimeClassName`, spec.runtimeClassName, validateDns1123Subdomain),
  ];
}

const maxInt32 = 2 ** 31 - 1;

function validateDeadline(seconds: number | undefined, field: string): FieldError[] {
  if (seconds === undefined || (seconds >= 1 && seconds <= maxInt32)) return [];
  return [fieldInvalid(field, seconds, `must be between 1 and ${maxInt32}, inclusive`)];
}

function validateHostAliases({ hostAliases = [] }: PodSpec, path: string): FieldError[] {
  return faultsOfEach(hostAliases, ({ ip = '', hostnames = [] }, i) => [
    ...invalidFor(`${path}[${i}].ip`, ip, validateIp(ip)),
    ...hostnames.flatMap((name, j) =>
      invalidFor(`${path}[${i}].hostnames[${j}]`, name, validateDns1123Subdomain(name)),
    ),
  ]);
}

/** What kind of node it needs, and who has to make room for it. */
function validatePlace({ preemptionPolicy, overhead = {}, os }: PodSpec, path: string): FieldError[] {
  const faults: FieldError[] = [];
  if (preemptionPolicy !== undefined)
    faults.push(...requiredOneOf(`${path}.preemptionPolicy`, preemptionPolicy, ['PreemptLowerPriority', 'Never']));
  append(faults, validateOverhead(overhead, `${path}.overhead`));
  if (os && !os.name) faults.push(fieldRequired(`${path}.os.name`));
  else if (os) faults.push(...oneOf(`${path}.os`, os.name, ['linux', 'windows']));
  return faults;
}
