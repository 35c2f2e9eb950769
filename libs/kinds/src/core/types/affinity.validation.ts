import {
  type FieldError,
  fieldInvalid,
  fieldNotSupported,
  fieldRequired,
  type LabelSelector,
  validateLabelSelector,
  validateQualifiedName,
} from '@kubernest/meta';
import type {
  Affinity,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinityTerm,
  PodSpec,
} from 'kubernetes-types/core/v1';
import { invalidFor, requiredForm } from '../../faults.ts';

const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';

export function validateAffinity(affinity: Affinity | undefined, path: string): FieldError[] {
  const faults: FieldError[] = [];
  const node = affinity?.nodeAffinity;
  if (node?.[required])
    faults.push(...validateNodeSelector(node[required].nodeSelectorTerms, `${path}.nodeAffinity.${required}`));
  for (const [i, term] of (node?.[preferred] ?? []).entries()) {
    const here = `${path}.nodeAffinity.${preferred}[${i}]`;
    faults.push(
      ...validateWeight(term.weight, `${here}.weight`),
      ...validateTerm(term.preference, `${here}.preference`),
    );
  }
  for (const kind of ['podAffinity', 'podAntiAffinity'] as const) {
    const pods = affinity?.[kind];
    for (const [i, term] of (pods?.[required] ?? []).entries())
      faults.push(...validatePodTerm(term, `${path}.${kind}.${required}[${i}]`));
    for (const [i, term] of (pods?.[preferred] ?? []).entries()) {
      const here = `${path}.${kind}.${preferred}[${i}]`;
      faults.push(
        ...validateWeight(term.weight, `${here}.weight`),
        ...validatePodTerm(term.podAffinityTerm, `${here}.podAffinityTerm`),
      );
    }
  }
  return faults;
}

function validateNodeSelector(terms: readonly NodeSelectorTerm[] | undefined, path: string): FieldError[] {
  if (!terms?.length) return [fieldRequired(`${path}.nodeSelectorTerms`, 'must have at least one node selector term')];
  return terms.flatMap((term, i) => validateTerm(term, `${path}.nodeSelectorTerms[${i}]`));
}

function validateTerm(term: NodeSelectorTerm, path: string): FieldError[] {
  return [
    ...(term.matchExpressions ?? []).flatMap((one, i) => validateRequirement(one, `${path}.matchExpressions[${i}]`)),
    ...(term.matchFields ?? []).flatMap(({ key }, i) =>
      key === 'metadata.name'
        ? []
        : [fieldInvalid(`${path}.matchFields[${i}].key`, key, 'not a valid field selector key')],
    ),
  ];
}

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'];

function validateRequirement({ key, operator, values = [] }: NodeSelectorRequirement, path: string): FieldError[] {
  const faults = invalidFor(`${path}.key`, key, validateQualifiedName(key ?? ''));
  const needs = (count: 'some' | 'none' | 'one', sentence: string): void => {
    const fits = count === 'some' ? values.length > 0 : count === 'none' ? values.length === 0 : values.length === 1;
    if (!fits)
      faults.push(
        count === 'none'
          ? { type: 'FieldValueForbidden', field: `${path}.values`, detail: sentence }
          : fieldRequired(`${path}.values`, sentence),
      );
  };
  if (operator === 'In' || operator === 'NotIn') needs('some', "must be specified when `operator` is 'In' or 'NotIn'");
  else if (operator === 'Exists' || operator === 'DoesNotExist')
    needs('none', "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
  else if (operator === 'Gt' || operator === 'Lt')
    needs('one', "must be specified single value when `operator` is 'Lt' or 'Gt'");
  else
    faults.push(
      operators.includes(operator)
        ? fieldInvalid(`${path}.operator`, operator, 'not a valid selector operator')
        : fieldNotSupported(`${path}.operator`, operator, operators),
    );
  return faults;
}

const validateWeight = (weight: number, path: string): FieldError[] =>
  weight >= 1 && weight <= 100 ? [] : [fieldInvalid(path, weight, 'must be in the range 1-100')];

function validatePodTerm(term: PodAffinityTerm, path: string): FieldError[] {
  return [
    ...validateLabelSelector(term.labelSelector as LabelSelector | undefined, `${path}.labelSelector`),
    ...validateLabelSelector(term.namespaceSelector as LabelSelector | undefined, `${path}.namespaceSelector`),
    ...(term.topologyKey
      ? invalidFor(`${path}.topologyKey`, term.topologyKey, validateQualifiedName(term.topologyKey))
      : [fieldRequired(`${path}.topologyKey`, 'can not be empty')]),
  ];
}

export function validateTopologySpread(spec: PodSpec, path: string): FieldError[] {
  return (spec.topologySpreadConstraints ?? []).flatMap((constraint, i) => {
    const here = `${path}.topologySpreadConstraints[${i}]`;
    const { maxSkew, topologyKey, whenUnsatisfiable } = constraint;
    const known = ['DoNotSchedule', 'ScheduleAnyway'];
    return [
      ...(maxSkew > 0 ? [] : [fieldInvalid(`${here}.maxSkew`, maxSkew, 'must be greater than zero')]),
      ...requiredForm(`${here}.topologyKey`, topologyKey, validateQualifiedName),
      ...(known.includes(whenUnsatisfiable)
        ? []
        : [fieldNotSupported(`${here}.whenUnsatisfiable`, whenUnsatisfiable, known)]),
      ...validateLabelSelector(constraint.labelSelector as LabelSelector | undefined, `${here}.labelSelector`),
    ];
  });
}
