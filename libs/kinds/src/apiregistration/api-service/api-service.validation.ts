import { faultsOfEach, invalidFor, oneOf, type ValidationContext } from '@kubernest/definitions';
import {
  type FieldError,
  fieldInvalid,
  fieldRequired,
  validateDns1035Label,
  validateDns1123Subdomain,
  validatePathSegment,
  validatePortNumber,
} from '@kubernest/meta';
import type { APIService } from '../../types.ts';

type Spec = Partial<NonNullable<APIService['spec']>>;

const MOST_GROUP_PRIORITY = 20_000;
const MOST_VERSION_PRIORITY = 1000;

export function validateApiService(service: APIService, { subresource }: ValidationContext): FieldError[] {
  if (subresource === 'status') return validateStatus(service);
  const spec: Spec = service.spec ?? {};
  return [
    ...validateName(service.metadata, spec),
    ...validateGroupVersion(spec),
    ...validatePriorities(spec),
    ...(spec.service ? validateRemote(spec.service, spec) : validateLocal(spec)),
  ];
}

const validateStatus = ({ status }: APIService): FieldError[] =>
  faultsOfEach(status?.conditions ?? [], (condition, i) =>
    oneOf(`status.conditions[${i}].status`, condition.status, ['False', 'True', 'Unknown']),
  );

/** compat: a name that is made up never does, and is told of as well. */
function validateName(metadata: APIService['metadata'], { group = '', version = '' }: Spec): FieldError[] {
  const wanted = `${version}.${group}`;
  const words = `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(wanted)}`;
  const isWrong = (name: string | undefined): boolean =>
    !!name && name !== wanted && validatePathSegment(name).length === 0;
  return (['generateName', 'name'] as const)
    .filter((field) => isWrong(metadata[field]))
    .map((field) => fieldInvalid(`metadata.${field}`, metadata[field], words));
}

function validateGroupVersion({ group = '', version = '' }: Spec): FieldError[] {
  const faults: FieldError[] = [];
  if (group === '' && version !== 'v1')
    faults.push(fieldRequired('spec.group', 'only v1 may have an empty group and it better be legacy kube'));
  if (group !== '') faults.push(...invalidFor('spec.group', group, validateDns1123Subdomain(group)));
  return [...faults, ...invalidFor('spec.version', version, validateDns1035Label(version))];
}

function validatePriorities({ groupPriorityMinimum = 0, versionPriority = 0 }: Spec): FieldError[] {
  const within = (field: string, value: number, most: number): FieldError[] =>
    value > 0 && value <= most ? [] : [fieldInvalid(field, value, `must be positive and less than ${most}`)];
  return [
    ...within('spec.groupPriorityMinimum', groupPriorityMinimum, MOST_GROUP_PRIORITY),
    ...within('spec.versionPriority', versionPriority, MOST_VERSION_PRIORITY),
  ];
}

function validateLocal({ caBundle = '', insecureSkipTLSVerify = false }: Spec): FieldError[] {
  const faults: FieldError[] = [];
  if (caBundle !== '') {
    const size = `${Buffer.from(caBundle, 'base64').length} bytes`;
    faults.push(fieldInvalid('spec.caBundle', size, 'local APIServices may not have a caBundle'));
  }
  if (insecureSkipTLSVerify)
    faults.push(
      fieldInvalid('spec.insecureSkipTLSVerify', true, 'local APIServices may not have insecureSkipTLSVerify'),
    );
  return faults;
}

function validateRemote(
  { namespace, name, port = 0 }: NonNullable<Spec['service']>,
  { caBundle, insecureSkipTLSVerify }: Spec,
): FieldError[] {
  const wrongPort = validatePortNumber(port);
  return [
    ...(namespace ? [] : [fieldRequired('spec.service.namespace')]),
    ...(name ? [] : [fieldRequired('spec.service.name')]),
    ...(wrongPort.length > 0
      ? [fieldInvalid('spec.service.port', port, `port is not valid: ${wrongPort.join(', ')}`)]
      : []),
    ...(insecureSkipTLSVerify && caBundle
      ? [fieldInvalid('spec.insecureSkipTLSVerify', true, 'may not be true if caBundle is present')]
      : []),
  ];
}
