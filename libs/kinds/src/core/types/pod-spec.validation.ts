import {
  type FieldError,
  fieldInvalid,
  fieldNotSupported,
  fieldRequired,
  validateDns1123Label,
  validateDns1123Subdomain,
  validateQualifiedName,
} from '@kubernest/meta';
import type { PodSpec, PodTemplateSpec } from 'kubernetes-types/core/v1';
import { duplicates, invalidFor, notNegative, requiredForm } from '../../faults.ts';
import { validateAffinity, validateTopologySpread } from './affinity.validation.ts';
import { validateContainers } from './container.validation.ts';
import { validateLabels, validateTemplateMeta } from './metadata.validation.ts';
import { validateTolerations } from './toleration.validation.ts';
import { validateVolumes } from './volume.validation.ts';

/** Every fault of a pod's spec, be it a pod's own or a template's. */
export function validatePodSpec(spec: PodSpec | undefined, path: string): FieldError[] {
  if (!spec) return [fieldRequired(path)];
  return [
    ...validateVolumes(spec.volumes ?? [], `${path}.volumes`),
    ...validateContainers(spec, path),
    ...validatePolicies(spec, path),
    ...validateNames(spec, path),
    ...validateLabels(spec.nodeSelector, `${path}.nodeSelector`),
    ...validateTimes(spec, path),
    ...validateSecurity(spec, path),
    ...validateAffinity(spec.affinity, `${path}.affinity`),
    ...validateTolerations(spec.tolerations ?? [], `${path}.tolerations`),
    ...validateTopologySpread(spec, path),
    ...validateGates(spec, path),
  ];
}

export function validatePodTemplate(template: PodTemplateSpec | undefined, path: string): FieldError[] {
  if (!template) return [fieldRequired(path)];
  return [
    ...validateTemplateMeta(template.metadata, `${path}.metadata`),
    ...validatePodSpec(template.spec, `${path}.spec`),
  ];
}

const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const restartPolicies = ['Always', 'OnFailure', 'Never'];

function validatePolicies({ dnsPolicy, dnsConfig, restartPolicy }: PodSpec, path: string): FieldError[] {
  const faults: FieldError[] = [];
  if (!restartPolicy) faults.push(fieldRequired(`${path}.restartPolicy`));
  else if (!restartPolicies.includes(restartPolicy))
    faults.push(fieldNotSupported(`${path}.restartPolicy`, restartPolicy, restartPolicies));
  if (!dnsPolicy) faults.push(fieldRequired(`${path}.dnsPolicy`));
  else if (!dnsPolicies.includes(dnsPolicy))
    faults.push(fieldNotSupported(`${path}.dnsPolicy`, dnsPolicy, dnsPolicies));
  if (dnsPolicy === 'None' && !dnsConfig?.nameservers?.length) {
    faults.push(
      fieldRequired(
        `${path}.dnsConfig.nameservers`,
        `must provide at least one DNS nameserver when \`dnsPolicy\` is None`,
      ),
    );
  }
  return faults;
}

function validateNames(spec: PodSpec, path: string): FieldError[] {
  const optional = (
    field: 'nodeName' | 'serviceAccountName' | 'hostname' | 'subdomain' | 'priorityClassName',
    check: (text: string) => string[],
  ) => (spec[field] ? invalidFor(`${path}.${field}`, spec[field], check(spec[field])) : []);
  return [
    ...optional('nodeName', validateDns1123Subdomain),
    ...optional('serviceAccountName', validateDns1123Subdomain),
    ...optional('hostname', validateDns1123Label),
    ...optional('subdomain', validateDns1123Label),
    ...optional('priorityClassName', validateDns1123Subdomain),
    ...(spec.imagePullSecrets ?? []).flatMap(({ name }, i) =>
      name ? [] : [fieldRequired(`${path}.imagePullSecrets[${i}].name`)],
    ),
  ];
}

const maxInt32 = 2 ** 31 - 1;

function validateTimes({ activeDeadlineSeconds, terminationGracePeriodSeconds }: PodSpec, path: string): FieldError[] {
  const faults = notNegative(`${path}.terminationGracePeriodSeconds`, terminationGracePeriodSeconds);
  if (activeDeadlineSeconds !== undefined && (activeDeadlineSeconds < 1 || activeDeadlineSeconds > maxInt32)) {
    faults.push(
      fieldInvalid(
        `${path}.activeDeadlineSeconds`,
        activeDeadlineSeconds,
        `must be between 1 and ${maxInt32}, inclusive`,
      ),
    );
  }
  return faults;
}

/** Users and groups of the pod and of each container: whole numbers the kernel can hold. */
function validateSecurity(spec: PodSpec, path: string): FieldError[] {
  const ids = (owner: object | undefined, here: string): FieldError[] =>
    ['runAsUser', 'runAsGroup', 'fsGroup'].flatMap((field) => {
      const id = (owner as Record<string, number | undefined> | undefined)?.[field];
      const fits = id === undefined || (id >= 0 && id <= maxInt32);
      return fits ? [] : [fieldInvalid(`${here}.${field}`, id, `must be between 0 and ${maxInt32}, inclusive`)];
    });
  return [
    ...ids(spec.securityContext, `${path}.securityContext`),
    ...(spec.containers ?? []).flatMap((one, i) =>
      ids(one.securityContext, `${path}.containers[${i}].securityContext`),
    ),
    ...(spec.initContainers ?? []).flatMap((one, i) =>
      ids(one.securityContext, `${path}.initContainers[${i}].securityContext`),
    ),
  ];
}

function validateGates({ schedulingGates = [] }: PodSpec, path: string): FieldError[] {
  return [
    ...schedulingGates.flatMap(({ name }, i) =>
      requiredForm(`${path}.schedulingGates[${i}].name`, name, validateQualifiedName),
    ),
    ...duplicates(
      schedulingGates,
      (gate) => gate.name,
      (i) => `${path}.schedulingGates[${i}]`,
    ),
  ];
}
