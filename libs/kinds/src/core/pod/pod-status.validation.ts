import type { Container, PodSpec } from '@kubernest/api-types/core/v1';
import { faultsOfEach, immutable, invalidFor, optionalForm } from '@kubernest/definitions';
import {
  append,
  type FieldError,
  fieldDuplicate,
  fieldForbidden,
  fieldInvalid,
  parseIp,
  validateDns1123Subdomain,
  validateIp,
  validateQualifiedName,
} from '@kubernest/meta';
import type { Pod } from '../../types.ts';
import { validatePodAnnotations } from '../types/pod-annotations.validation.ts';
import { validateContainerUsers } from './container-user.validation.ts';

type Status = NonNullable<Pod['status']>;
type Terminated = { readonly exitCode: number };

/** What a kubelet or a controller may say of a pod that it has not said otherwise before. */
export function validatePodStatusUpdate(pod: Pod, old: Pod): FieldError[] {
  const [status, before] = [pod.status ?? {}, old.status ?? {}];
  return [
    ...validatePodAnnotations(pod.metadata.annotations, pod.spec as PodSpec | undefined, 'metadata.annotations'),
    ...validateConditions(status),
    ...validateNomination(pod, old),
    ...validateObserved(status, 'status'),
    ...(status.qosClass === before.qosClass ? [] : [immutable('status.qosClass', status.qosClass ?? '')]),
    ...(['containers', 'initContainers'] as const).flatMap((field) => validateEnds(pod, old, field)),
    ...validateEndsOfEphemeral(status, before),
    ...validateAddresses(status.podIPs ?? [], before.podIPs ?? [], 'status.podIPs'),
    ...validateFirstHost(status),
    ...validateAddresses(status.hostIPs ?? [], before.hostIPs ?? [], 'status.hostIPs'),
    ...validateClaims(pod),
    ...validateContainerUsers(pod),
  ];
}

function validateFirstHost({ hostIP = '', hostIPs = [] }: Status): FieldError[] {
  const [first] = hostIPs;
  if (!first || first.ip === hostIP) return [];
  return [fieldInvalid('status.hostIPs[0].ip', first.ip, 'must be equal to `hostIP`')];
}

const systemConditions = ['PodScheduled', 'Ready', 'Initialized'];

function validateConditions({ conditions = [] }: Status): FieldError[] {
  return faultsOfEach(conditions, (condition, i) => {
    const { type = '' } = condition;
    const faults = validateObserved(condition, `status.conditions[${i}]`);
    if (!systemConditions.includes(type))
      append(faults, invalidFor(`status.conditions[${i}].Type`, type, validateQualifiedName(type)));
    return faults;
  });
}

/** Which generation of the pod is meant. */
function validateObserved(owner: object, path: string): FieldError[] {
  const { observedGeneration: generation = 0 } = owner as { readonly observedGeneration?: number };
  if (generation >= 0) return [];
  return [fieldInvalid(`${path}.observedGeneration`, generation, 'must be a non-negative integer')];
}

function validateNomination({ status }: Pod, old: Pod): FieldError[] {
  const name = status?.nominatedNodeName;
  if (!name || name === old.status?.nominatedNodeName) return [];
  const field = 'status.nominatedNodeName';
  const faults = invalidFor(field, name, validateDns1123Subdomain(name));
  if (old.spec?.nodeName) faults.push(fieldForbidden(field, 'may not be set on pods that are already bound to a node'));
  return faults;
}

const stays = 'may not be transitioned to non-terminated state';

/** What has ended for good does not run again. */
function validateEnds(pod: Pod, old: Pod, field: 'containers' | 'initContainers'): FieldError[] {
  const spec = pod.spec as PodSpec | undefined;
  const list = field === 'containers' ? 'containerStatuses' : 'initContainerStatuses';
  if (!spec || restartsAsAWhole(spec)) return [];
  const statuses = firstByName(pod.status?.[list] ?? []);
  const containers = firstByName(spec[field] ?? []);
  return (old.status?.[list] ?? []).flatMap(({ name, state }, i) => {
    const ended = state?.terminated;
    const now = statuses.get(name);
    if (!ended || !now || now.state?.terminated) return [];
    const container = containers.get(name);
    if (container && mayRestart(container, spec, ended)) return [];
    return [fieldForbidden(`status.${list}[${i}].state`, stays)];
  });
}

function validateEndsOfEphemeral(
  { ephemeralContainerStatuses: now = [] }: Status,
  { ephemeralContainerStatuses: before = [] }: Status,
): FieldError[] {
  const statuses = firstByName(now);
  return faultsOfEach(before, ({ name, state }, i) => {
    const status = statuses.get(name);
    return state?.terminated && status && !status.state?.terminated
      ? [fieldForbidden(`status.ephemeralContainerStatuses[${i}].state`, stays)]
      : [];
  });
}

/** Only claims that the pod asks for, each once. */
function validateClaims({ spec, status }: Pod): FieldError[] {
  const claims = new Set((spec as PodSpec | undefined)?.resourceClaims?.map(({ name }) => name));
  const seen = new Set<string>();
  const { resourceClaimStatuses: all = [] } = (status ?? {}) as { resourceClaimStatuses?: readonly ClaimStatus[] };
  return faultsOfEach(all, ({ name = '', resourceClaimName }, i) => {
    const path = `status.resourceClaimStatuses[${i}]`;
    const why = 'must match the name of an entry in `spec.resourceClaims`';
    const faults = claims.has(name) ? [] : [fieldInvalid(`${path}.name`, name, why)];
    if (seen.has(name)) faults.push(fieldDuplicate(`${path}.name`, name));
    seen.add(name);
    return [...faults, ...optionalForm(`${path}.resourceClaimName`, resourceClaimName, validateDns1123Subdomain)];
  });
}

interface ClaimStatus {
  readonly name?: string;
  readonly resourceClaimName?: string;
}

function firstByName<T extends { readonly name: string }>(all: readonly T[]): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const each of all) if (!found.has(each.name)) found.set(each.name, each);
  return found;
}

const restartsAsAWhole = ({ containers, initContainers = [] }: PodSpec): boolean =>
  [...containers, ...initContainers].some((each) =>
    each.restartPolicyRules?.some((rule) => rule.action === 'RestartAllContainers'),
  );

function mayRestart(container: Container, spec: PodSpec, { exitCode }: Terminated): boolean {
  const ruled = container.restartPolicyRules?.some(({ action, exitCodes }) => {
    const listed = exitCodes?.values?.includes(exitCode) ?? false;
    return action === 'Restart' && (exitCodes?.operator === 'NotIn' ? !listed : listed);
  });
  const policy = container.restartPolicy ?? spec.restartPolicy;
  return ruled || policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}

interface Address {
  readonly ip?: string;
}

function validateAddresses(now: readonly Address[], before: readonly Address[], field: string): FieldError[] {
  const known = new Set(before.map(({ ip }) => ip));
  const faults = faultsOfEach(now, ({ ip = '' }, i) =>
    known.has(ip) ? [] : invalidFor(`${field}[${i}]`, ip, validateIp(ip)),
  );
  const families = new Set(now.map(({ ip = '' }) => parseIp(ip)?.family));
  if (now.length > 1 && (families.size < 2 || now.length > 2))
    faults.push(fieldInvalid(field, now, 'may specify no more than one IP for each IP family'));
  return faults;
}
