import type {
  Affinity,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinityTerm,
} from '@kubernest/api-types/core/v1';
import { faultsOfEach, invalidFor } from '@kubernest/definitions';
import {
  append,
  type FieldError,
  fieldForbidden,
  fieldInvalid,
  fieldRequired,
  type LabelSelector,
  validateDns1123Label,
  validateDns1123Subdomain,
  validateLabelSelector,
  validateLabelValue,
  validateQualifiedName,
} from '@kubernest/meta';

const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';

export function validateAffinity(affinity: Affinity | undefined, path: string): FieldError[] {
  const node = affinity?.nodeAffinity;
  const faults = node?.[required]
    ? validateNodeSelector(node[required].nodeSelectorTerms, `${path}.nodeAffinity.${required}`)
    : [];
  for (const [i, term] of (node?.[preferred] ?? []).entries()) {
    const here = `${path}.nodeAffinity.${preferred}[${i}]`;
    append(faults, validateWeight(term.weight, here), validateTerm(term.preference ?? {}, `${here}.preference`, false));
  }
  for (const kind of ['podAffinity', 'podAntiAffinity'] as const) {
    for (const [i, term] of (affinity?.[kind]?.[required] ?? []).entries())
      append(faults, validatePodTerm(term, `${path}.${kind}.${required}[${i}]`));
    for (const [i, { weight, podAffinityTerm }] of (affinity?.[kind]?.[preferred] ?? []).entries()) {
      const here = `${path}.${kind}.${preferred}[${i}]`;
      append(faults, validateWeight(weight, here), validatePodTerm(podAffinityTerm ?? {}, `${here}.podAffinityTerm`));
    }
  }
  return faults;
}

function validateNodeSelector(terms: readonly NodeSelectorTerm[] | undefined, path: string): FieldError[] {
  const field = `${path}.nodeSelectorTerms`;
  if (!terms?.length) return [fieldRequired(field, 'must have at least one node selector term')];
  return faultsOfEach(terms, (term, i) => validateTerm(term, `${field}[${i}]`, true));
}

/** compat: values are looked at where the term is required, and not where it is preferred. */
const validateTerm = (
  { matchExpressions = [], matchFields = [] }: NodeSelectorTerm,
  path: string,
  checksValues: boolean,
): FieldError[] => [
  ...matchExpressions.flatMap((one, i) => validateExpression(one, `${path}.matchExpressions[${i}]`, checksValues)),
  ...matchFields.flatMap((one, i) => validateField(one, `${path}.matchFields[${i}]`)),
];

const unknownOperator = (path: string, operator: string | undefined): FieldError =>
  fieldInvalid(`${path}.operator`, operator ?? '', 'not a valid selector operator');

function validateExpression(
  { key = '', operator, values = [] }: NodeSelectorRequirement,
  path: string,
  checksValues: boolean,
): FieldError[] {
  const faults: FieldError[] = [];
  const field = `${path}.values`;
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0) faults.push(fieldRequired(field, "must be specified when `operator` is 'In' or 'NotIn'"));
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    const why = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
    if (values.length > 0) faults.push(fieldForbidden(field, why));
  } else if (operator === 'Gt' || operator === 'Lt') {
    const why = "must be specified single value when `operator` is 'Lt' or 'Gt'";
    if (values.length !== 1) faults.push(fieldRequired(field, why));
  } else faults.push(unknownOperator(path, operator));
  return [
    ...faults,
    ...invalidFor(`${path}.key`, key, validateQualifiedName(key)),
    ...(checksValues
      ? faultsOfEach(values, (value, i) => invalidFor(`${field}[${i}]`, value, validateLabelValue(value)))
      : []),
  ];
}

/** Of a node's fields only the name can be asked for. */
function validateField({ key = '', operator, values = [] }: NodeSelectorRequirement, path: string): FieldError[] {
  const faults: FieldError[] = [];
  const one = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
  if (operator !== 'In' && operator !== 'NotIn') faults.push(unknownOperator(path, operator));
  else if (values.length !== 1) faults.push(fieldRequired(`${path}.values`, one));
  if (key !== 'metadata.name') return [...faults, fieldInvalid(`${path}.key`, key, 'not a valid field selector key')];
  return [
    ...faults,
    ...values.flatMap((value, i) => invalidFor(`${path}.values[${i}]`, value, validateDns1123Subdomain(value))),
  ];
}

const validateWeight = (weight: number | undefined, path: string): FieldError[] =>
  weight !== undefined && weight >= 1 && weight <= 100
    ? []
    : [fieldInvalid(`${path}.weight`, weight ?? 0, 'must be in the range 1-100')];

function validatePodTerm(term: Partial<PodAffinityTerm>, path: string): FieldError[] {
  const { topologyKey = '', namespaces = [], matchLabelKeys = [], mismatchLabelKeys = [] } = term;
  const selector = term.labelSelector as LabelSelector | undefined;
  return [
    ...validateLabelSelector(selector, `${path}.labelSelector`),
    ...validateLabelSelector(term.namespaceSelector as LabelSelector | undefined, `${path}.namespaceSelector`),
    ...namespaces.flatMap((name) => invalidFor(`${path}.namespace`, name, validateDns1123Label(name))),
    ...validateLabelKeys({ matchLabelKeys, mismatchLabelKeys, selector }, path),
    ...(topologyKey ? [] : [fieldRequired(`${path}.topologyKey`, 'can not be empty')]),
    ...invalidFor(`${path}.topologyKey`, topologyKey, validateQualifiedName(topologyKey)),
  ];
}

interface LabelKeys {
  readonly matchLabelKeys: readonly string[];
  readonly mismatchLabelKeys: readonly string[];
  readonly selector: LabelSelector | undefined;
}

/** Labels whose value is the pod's own: what they ask for has been put into the selector before, so a key is there once. */
export function validateLabelKeys(
  { matchLabelKeys, mismatchLabelKeys, selector }: LabelKeys,
  path: string,
): FieldError[] {
  const faults: FieldError[] = [];
  for (const [field, keys] of Object.entries({ matchLabelKeys, mismatchLabelKeys })) {
    if (keys.length === 0) continue;
    if (!selector)
      faults.push(fieldForbidden(`${path}.${field}`, 'must not be specified when labelSelector is not set'));
    else
      for (const [i, key] of keys.entries())
        append(faults, invalidFor(`${path}.${field}[${i}]`, key, validateQualifiedName(key)));
  }
  const seen = new Set(Object.keys(selector?.matchLabels ?? {}));
  const lastOf = new Map(matchLabelKeys.map((key, i) => [key, i]));
  for (const { key } of selector?.matchExpressions ?? []) {
    const at = lastOf.get(key);
    if (at !== undefined && seen.has(key))
      faults.push(fieldInvalid(`${path}[${at}]`, key, 'exists in both matchLabelKeys and labelSelector'));
    seen.add(key);
  }
  const mismatched = new Set(mismatchLabelKeys);
  for (const [i, key] of matchLabelKeys.entries()) {
    if (mismatched.has(key))
      faults.push(
        fieldInvalid(`${path}.matchLabelKeys[${i}]`, key, 'exists in both matchLabelKeys and mismatchLabelKeys'),
      );
  }
  return faults;
}
