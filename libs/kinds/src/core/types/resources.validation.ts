import type { PodSpec, ResourceRequirements } from '@kubernest/api-types/core/v1';
import { faultsOfEach, invalidFor } from '@kubernest/definitions';
import {
  addQuantities,
  atKey,
  compareQuantities,
  type FieldError,
  fieldDuplicate,
  fieldForbidden,
  fieldInvalid,
  fieldNotFound,
  fieldNotSupported,
  fieldRequired,
  formatQuantity,
  ownValue,
  parseQuantity,
  type Quantity,
  validateDns1123Label,
} from '@kubernest/meta';
import {
  isHugePage,
  isWhole,
  mayBeOvercommitted,
  validateContainerResourceName,
  validateResourceName,
} from './resource-name.validation.ts';

type Amounts = Readonly<Record<string, string>>;
interface Claim {
  readonly name?: string;
  readonly request?: string;
}
interface Requirements extends Pick<ResourceRequirements, 'limits' | 'requests'> {
  readonly claims?: readonly Claim[];
}

/** Requests and limits of a container: quantities that are not negative, the request never above the limit. */
export function validateResources(
  resources: Requirements | undefined,
  path: string,
  claims: ReadonlySet<string>,
): FieldError[] {
  const named = (name: string, field: string) => invalidFor(field, name, validateContainerResourceName(name));
  return [
    ...validateRequirements(resources ?? {}, path, named),
    ...validateClaims(resources?.claims ?? [], `${path}.claims`, claims),
  ];
}

function validateRequirements(
  { limits = {}, requests = {} }: Requirements,
  path: string,
  validateName: (name: string, field: string) => FieldError[],
): FieldError[] {
  const each = (list: Amounts, field: string) =>
    faultsOfEach(Object.entries(list), ([name, amount]) => [
      ...validateName(name, atKey(field, name)),
      ...validateAmount(name, amount, atKey(field, name)),
      ...validateHugePage(name, amount, atKey(field, name)),
    ]);
  const faults = [...each(limits, `${path}.limits`), ...each(requests, `${path}.requests`)];
  for (const [name, request] of Object.entries(requests)) faults.push(...validateRequest(name, request, limits, path));
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  if (names.some(isHugePage) && !names.includes('cpu') && !names.includes('memory'))
    faults.push(fieldForbidden(path, 'HugePages require cpu or memory'));
  return faults;
}

function validateRequest(name: string, request: string, limits: Amounts, path: string): FieldError[] {
  const limit = ownValue(limits, name);
  const exactly = !mayBeOvercommitted(name);
  if (limit === undefined)
    return exactly ? [fieldRequired(`${path}.limits`, 'Limit must be set for non overcommitable resources')] : [];
  const order = compareQuantities(request, limit);
  if (order !== 0 && exactly)
    return [fieldInvalid(`${path}.requests`, request, `must be equal to ${name} limit of ${limit}`)];
  if (order <= 0) return [];
  return [fieldInvalid(`${path}.requests`, request, `must be less than or equal to ${name} limit of ${limit}`)];
}

/** What a node has or can give away. */
export function validateNodeAmounts(list: Amounts, path: string): FieldError[] {
  return faultsOfEach(Object.entries(list), ([name, amount]) => validateAmount(name, amount, `${path}.${name}`));
}

/** Amounts that a pod needs besides those of its containers. */
export function validateOverhead(list: Amounts, path: string): FieldError[] {
  return faultsOfEach(Object.entries(list), ([name, amount]) => [
    ...invalidFor(atKey(path, name), name, validateResourceName(name)),
    ...validateAmount(name, amount, atKey(path, name)),
  ]);
}

const milli = 1_000_000n;

function validateAmount(name: string, amount: string, field: string): FieldError[] {
  const { nano } = parseQuantity(amount);
  const faults = nano < 0n ? [fieldInvalid(field, amount, 'must be greater than or equal to 0')] : [];
  const roundedMilli = nano >= 0n ? (nano + milli - 1n) / milli : nano / milli;
  if (isWhole(name) && roundedMilli % 1000n !== 0n) faults.push(fieldInvalid(field, amount, 'must be an integer'));
  return faults;
}

/** Huge pages come in pages: `hugepages-2Mi` in twos of Mi. */
function validateHugePage(name: string, amount: string, field: string): FieldError[] {
  if (!isHugePage(name)) return [];
  const size = /^hugepages-(\d.*)$/.exec(name)?.[1];
  const page = size && parseSize(size);
  const fits = page && page > 0n && parseQuantity(amount).nano % page === 0n;
  return fits ? [] : [fieldInvalid(field, amount, `${amount} is not positive integer multiple of ${name}`)];
}

function parseSize(text: string): bigint | undefined {
  try {
    return parseQuantity(text).nano;
  } catch {
    return undefined;
  }
}

function validateClaims(claims: readonly Claim[], path: string, known: ReadonlySet<string>): FieldError[] {
  const seen = new Set<string>();
  const requested = new Set<string>();
  let those: string | undefined;
  return faultsOfEach(claims, ({ name, request }, i) => {
    const field = `${path}[${i}]`;
    if (!name) return [fieldRequired(field)];
    const faults = request ? invalidFor(`${field}.request`, request, validateDns1123Label(request)) : [];
    const key = request ? `${name}/${request}` : name;
    if (seen.has(name)) faults.push(fieldDuplicate(field, name));
    else if (seen.has(key)) faults.push(fieldDuplicate(field, key));
    else if (!request && requested.has(name)) faults.push(fieldDuplicate(field, name));
    seen.add(key);
    if (request) requested.add(name);
    if (known.has(name)) return faults;
    those ??= namesOf(known);
    faults.push({
      ...fieldNotFound(field, name),
      detail: `must be one of the names in pod.spec.resourceClaims${those}`,
    });
    return faults;
  });
}

/** Every fault names them, so not all of very many. */
const mostNames = 16;

function namesOf(known: ReadonlySet<string>): string {
  if (known.size === 0) return ' which is empty';
  const names = [...known].sort();
  return `: ${names.slice(0, mostNames).join(', ')}${names.length > mostNames ? ', ...' : ''}`;
}

const podLevel = ['cpu', 'hugepages-', 'memory'];

/** Resources of the pod as a whole: never less than what its containers ask for together. */
export function validatePodResources(spec: PodSpec, path: string): FieldError[] {
  const { resources } = spec;
  if (!resources) return [];
  const named = (name: string, field: string): FieldError[] => {
    const faults = invalidFor(field, name, validateResourceName(name));
    const fits = faults.length > 0 || podLevel.includes(name) || isHugePage(name);
    return fits ? faults : [fieldNotSupported(field, name, podLevel)];
  };
  return [...validateRequirements(resources, path, named), ...validateWhole(spec, resources, path)];
}

function validateWhole(spec: PodSpec, { requests = {}, limits = {} }: Requirements, path: string): FieldError[] {
  const faults: FieldError[] = [];
  const sums = new Map<string, Quantity>();
  for (const { resources } of spec.containers ?? [])
    for (const [name, amount] of Object.entries(resources?.requests ?? {}))
      sums.set(name, addQuantities(sums.get(name) ?? '0', amount));
  for (const [name, whole] of Object.entries(requests)) {
    const sum = sums.get(name) ?? parseQuantity('0');
    if (compareQuantities(sum, whole) > 0) {
      const words = `must be greater than or equal to aggregate container requests of ${formatQuantity(sum)}`;
      faults.push(fieldInvalid(atKey(`${path}.requests`, name), whole, words));
    }
  }
  for (const [i, { resources }] of (spec.containers ?? []).entries()) {
    for (const [name, limit] of Object.entries(resources?.limits ?? {})) {
      const whole = ownValue(limits, name);
      if (whole === undefined || compareQuantities(limit, whole) <= 0) continue;
      // compat: this path is Kubernetes' own.
      const field = `${atKey(`${path}.containers[${i}]`, name)}.limits`;
      faults.push(fieldInvalid(field, limit, `must be less than or equal to pod limits of ${whole}`));
    }
  }
  return faults;
}
