import type {
  AppArmorProfile,
  PodSecurityContext,
  PodSpec,
  SeccompProfile,
  SecurityContext,
  Sysctl,
} from '@kubernest/api-types/core/v1';
import { faultsOfEach, invalidFor, oneOf, requiredOneOf } from '@kubernest/definitions';
import { type FieldError, fieldDuplicate, fieldInvalid, fieldRequired, fieldTooLong } from '@kubernest/meta';
import { stayBelow } from './mount.validation.ts';

const maxId = 2 ** 31 - 1;

/** compat: more than this a user's or group's number cannot be. */
export function validateId(id: number | undefined, field: string): FieldError[] {
  const fits = id === undefined || (id >= 0 && id <= maxId);
  return fits ? [] : [fieldInvalid(field, id, `must be between 0 and ${maxId}, inclusive`)];
}

type PodContext = PodSecurityContext & {
  readonly supplementalGroupsPolicy?: string;
  readonly seLinuxChangePolicy?: string;
};

export function validatePodSecurity(spec: PodSpec, path: string): FieldError[] {
  const context: PodContext = spec.securityContext ?? {};
  const optional = (
    field: 'fsGroupChangePolicy' | 'supplementalGroupsPolicy' | 'seLinuxChangePolicy',
    words: string[],
  ) => (context[field] === undefined ? [] : oneOf(`${path}.${field}`, context[field], words));
  const sharing = spec.shareProcessNamespace && spec.hostPID;
  return [
    ...(['fsGroup', 'runAsUser', 'runAsGroup'] as const).flatMap((field) =>
      validateId(context[field], `${path}.${field}`),
    ),
    ...(context.supplementalGroups ?? []).flatMap((id, i) => validateId(id, `${path}.supplementalGroups[${i}]`)),
    ...(sharing
      ? [
          fieldInvalid(
            `${path}.shareProcessNamespace`,
            true,
            'ShareProcessNamespace and HostPID cannot both be enabled',
          ),
        ]
      : []),
    ...validateSysctls(context.sysctls ?? [], `${path}.sysctls`),
    ...optional('fsGroupChangePolicy', ['Always', 'OnRootMismatch']),
    ...validateSeccomp(context.seccompProfile, `${path}.seccompProfile`),
    ...validateAppArmor(context.appArmorProfile, `${path}.appArmorProfile`),
    ...optional('supplementalGroupsPolicy', ['Merge', 'Strict']),
    ...optional('seLinuxChangePolicy', ['Recursive']),
  ];
}

const sysctlName = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;
const sysctlWords =
  'must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$';

function validateSysctls(sysctls: readonly Sysctl[], path: string): FieldError[] {
  const seen = new Set<string>();
  return faultsOfEach(sysctls, ({ name }, i) => {
    const field = `${path}[${i}].name`;
    if (!name) return [fieldRequired(field)];
    if (name.length > 253 || !sysctlName.test(name)) return [fieldInvalid(field, name, sysctlWords)];
    if (seen.has(name)) return [fieldDuplicate(field, name)];
    seen.add(name);
    return [];
  });
}

export function validateSecurityContext(
  context: SecurityContext | undefined,
  path: string,
  hostUsers: boolean,
): FieldError[] {
  if (!context) return [];
  const { procMount, allowPrivilegeEscalation, privileged, capabilities } = context;
  const faults = (['runAsUser', 'runAsGroup'] as const).flatMap((field) =>
    validateId(context[field], `${path}.${field}`),
  );
  if (procMount !== undefined) faults.push(...oneOf(`${path}.procMount`, procMount, ['Default', 'Unmasked']));
  if (procMount === 'Unmasked' && hostUsers)
    faults.push(fieldInvalid(`${path}.procMount`, procMount, '`hostUsers` must be false to use `Unmasked`'));
  faults.push(...validateSeccomp(context.seccompProfile, `${path}.seccompProfile`));
  if (allowPrivilegeEscalation === false) {
    const not = (what: string) =>
      faults.push(fieldInvalid(path, context, `cannot set \`allowPrivilegeEscalation\` to false and ${what}`));
    if (privileged) not('`privileged` to true');
    for (const capability of capabilities?.add ?? [])
      if (capability === 'CAP_SYS_ADMIN') not('`capabilities.Add` CAP_SYS_ADMIN');
  }
  return [...faults, ...validateAppArmor(context.appArmorProfile, `${path}.appArmorProfile`)];
}

const profiles = ['Localhost', 'RuntimeDefault', 'Unconfined'];

function validateSeccomp(profile: SeccompProfile | undefined, path: string): FieldError[] {
  if (!profile) return [];
  const { type, localhostProfile } = profile;
  const field = `${path}.localhostProfile`;
  const faults = type
    ? oneOf(`${path}.type`, type, profiles)
    : [fieldRequired(`${path}.type`, 'type is required when seccompProfile is set')];
  if (type !== 'Localhost') {
    if (localhostProfile !== undefined)
      faults.push(fieldInvalid(field, profile, 'can only be set when seccomp type is Localhost'));
  } else if (localhostProfile === undefined)
    faults.push(fieldRequired(field, 'must be set when seccomp type is Localhost'));
  else faults.push(...stayBelow(localhostProfile, field));
  return faults;
}

const longestPath = 4095;

function validateAppArmor(profile: AppArmorProfile | undefined, path: string): FieldError[] {
  if (!profile) return [];
  const { type, localhostProfile: local } = profile;
  const field = `${path}.localhostProfile`;
  if (!type) return [fieldRequired(`${path}.type`, 'type is required when appArmorProfile is set')];
  if (!profiles.includes(type)) return requiredOneOf(`${path}.type`, type, profiles);
  if (type !== 'Localhost')
    return local === undefined ? [] : invalidFor(field, local, ['can only be set when AppArmor type is Localhost']);
  if (!local) return [fieldRequired(field, 'must be set when AppArmor type is Localhost')];
  const faults = local.trim() === local ? [] : [fieldInvalid(field, local, 'must not be padded with whitespace')];
  return local.length > longestPath ? [...faults, fieldTooLong(field, longestPath)] : faults;
}
