import type { ObjectFieldSelector, ResourceFieldSelector } from '@kubernest/api-types/core/v1';
import { invalidFor, oneOf } from '@kubernest/definitions';
import {
  canonicalQuantity,
  compareQuantities,
  type FieldError,
  fieldInvalid,
  fieldRequired,
  validateQualifiedName,
} from '@kubernest/meta';

/** What of a pod an environment variable may tell. */
export const fieldsForEnv = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
/** What of a pod a file may tell: what can change while it runs, too. */
export const fieldsForFiles = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
];
const known = new Set([...fieldsForEnv, ...fieldsForFiles, 'spec.restartPolicy', 'spec.schedulerName', 'status.phase']);

export function validateFieldRef(
  { apiVersion, fieldPath }: ObjectFieldSelector,
  supported: readonly string[],
  path: string,
): FieldError[] {
  if (!apiVersion) return [fieldRequired(`${path}.apiVersion`)];
  if (!fieldPath) return [fieldRequired(`${path}.fieldPath`)];
  const unreadable = (why: string): FieldError[] => [
    fieldInvalid(`${path}.fieldPath`, fieldPath, `error converting fieldPath: ${why}`),
  ];
  if (apiVersion !== 'v1') return unreadable(`unsupported pod version: ${apiVersion}`);
  const [map, key] = subscript(fieldPath);
  if (map === undefined || key === undefined) {
    if (!known.has(fieldPath)) return unreadable(`field label not supported: ${fieldPath}`);
    return oneOf(`${path}.fieldPath`, fieldPath, supported);
  }
  if (map === 'metadata.labels') return invalidFor(path, key, validateQualifiedName(key));
  if (map !== 'metadata.annotations') return unreadable(`field label does not support subscript: ${fieldPath}`);
  return invalidFor(path, key.toLowerCase(), validateQualifiedName(key.toLowerCase()));
}

/** `metadata.labels['key']`, taken apart. */
function subscript(path: string): readonly [] | readonly [string, string] {
  const open = path.indexOf("['");
  return open > 0 && path.endsWith("']") ? [path.slice(0, open), path.slice(open + 2, -2)] : [];
}

const measures = ['cpu', 'ephemeral-storage', 'memory'];
const amounts = ['limits', 'requests'].flatMap((list) => measures.map((name) => `${list}.${name}`));
const hugePages = /^(limits|requests)\.hugepages-/;
const divisorsOfBytes = ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map(
  (unit) => `1${unit}`,
);

/** `inFile`: a file belongs to no container, so it says whose resource it tells. */
export function validateResourceRef(ref: ResourceFieldSelector, path: string, inFile: boolean): FieldError[] {
  const { containerName, resource = '' } = ref;
  const divisor = validateDivisor(ref, `${path}.divisor`);
  if (inFile && !containerName) return [fieldRequired(`${path}.containerName`), ...divisor];
  if (!resource) return [fieldRequired(`${path}.resource`), ...divisor];
  return [...(hugePages.test(resource) ? [] : oneOf(`${path}.resource`, resource, amounts)), ...divisor];
}

function validateDivisor({ resource = '', divisor = '0' }: ResourceFieldSelector, field: string): FieldError[] {
  if (compareQuantities(divisor, 0) === 0) return [];
  const only = (values: readonly string[], what: string): FieldError[] =>
    values.includes(canonicalQuantity(divisor)) ? [] : [fieldInvalid(field, resource, what)];
  if (resource.endsWith('.cpu'))
    return only(['1m', '1'], "only divisor's values 1m and 1 are supported with the cpu resource");
  const name = resource.endsWith('.memory')
    ? 'memory'
    : resource.endsWith('.ephemeral-storage')
      ? 'local ephemeral storage'
      : hugePages.test(resource) && 'hugepages';
  if (!name) return [];
  const values = divisorsOfBytes.join(', ');
  return only(divisorsOfBytes, `only divisor's values ${values} are supported with the ${name} resource`);
}
