import {
  compareQuantities,
  type FieldError,
  fieldInvalid,
  fieldRequired,
  parseQuantity,
  QuantityError,
  validateQualifiedName,
} from '@kubernest/meta';
import type { ResourceRequirements } from 'kubernetes-types/core/v1';
import { invalidFor } from '../../faults.ts';

/** Requests and limits: quantities that are not negative, the request never above the limit. */
export function validateResources(resources: ResourceRequirements | undefined, path: string): FieldError[] {
  const { limits = {}, requests = {} } = resources ?? {};
  const faults = [
    ...validateResourceList(limits, `${path}.limits`),
    ...validateResourceList(requests, `${path}.requests`),
  ];
  if (faults.length > 0) return faults;
  for (const [name, request] of Object.entries(requests)) {
    const limit = limits[name];
    if (limit === undefined) {
      if (!mayBeOvercommitted(name))
        faults.push(fieldRequired(`${path}.limits`, 'Limit must be set for non overcommitable resources'));
      continue;
    }
    const order = compareQuantities(request, limit);
    if (order !== 0 && !mayBeOvercommitted(name)) {
      faults.push(fieldInvalid(`${path}.requests`, request, `must be equal to ${name} limit of ${limit}`));
    } else if (order > 0) {
      faults.push(fieldInvalid(`${path}.requests`, request, `must be less than or equal to ${name} limit of ${limit}`));
    }
  }
  return faults;
}

/** A map of resources: a pod's requests, a node's capacity. */
export function validateResourceList(list: Readonly<Record<string, string>>, path: string): FieldError[] {
  return Object.entries(list).flatMap(([name, amount]) => [
    ...invalidFor(path, name, validateResourceName(name)),
    ...validateAmount(amount, name, `${path}[${name}]`),
  ]);
}

function validateAmount(amount: string, name: string, path: string): FieldError[] {
  try {
    const { nano } = parseQuantity(amount);
    if (nano < 0n) return [fieldInvalid(path, amount, 'must be greater than or equal to 0')];
    if (isWhole(name) && nano % 1_000_000_000n !== 0n) return [fieldInvalid(path, amount, 'must be an integer')];
    return [];
  } catch (error) {
    if (error instanceof QuantityError) return [fieldInvalid(path, amount, error.message)];
    throw error;
  }
}

const standard = new Set(['cpu', 'memory', 'ephemeral-storage', 'pods']);
const isHugePage = (name: string): boolean => name.startsWith('hugepages-');
const isExtended = (name: string): boolean => name.includes('/') && !/^([^/]*\.)?kubernetes\.io\//.test(name);
const isWhole = (name: string): boolean => isExtended(name) || name === 'pods';
const mayBeOvercommitted = (name: string): boolean => !isExtended(name) && !isHugePage(name);

function validateResourceName(name: string): string[] {
  const faults = validateQualifiedName(name);
  if (faults.length > 0) return faults;
  return name.includes('/') || standard.has(name) || isHugePage(name)
    ? []
    : ['must be a standard resource type or fully qualified'];
}
