import {
  type FieldError,
  fieldDuplicate,
  fieldInvalid,
  fieldRequired,
  type LabelSelector,
  validateLabelSelector,
} from '@kubernest/meta';
import type { TopologySpreadConstraint } from 'kubernetes-types/core/v1';
import { oneOf } from '../../faults.ts';
import { validateLabelKeys } from './affinity.validation.ts';

const isPositive = (value: number, field: string): FieldError[] =>
  value > 0 ? [] : [fieldInvalid(field, value, 'must be greater than zero')];

export function validateTopologySpread(constraints: readonly TopologySpreadConstraint[], path: string): FieldError[] {
  return constraints.flatMap((constraint, i) => {
    const here = `${path}[${i}]`;
    const { topologyKey = '', whenUnsatisfiable = '' } = constraint;
    const again = constraints
      .slice(i + 1)
      .some((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable);
    const pair = `{${topologyKey}, ${whenUnsatisfiable}}`;
    const selector = constraint.labelSelector as LabelSelector | undefined;
    const { matchLabelKeys = [] } = constraint;
    return [
      ...isPositive(constraint.maxSkew ?? 0, `${here}.maxSkew`),
      ...(topologyKey ? [] : [fieldRequired(`${here}.topologyKey`, 'can not be empty')]),
      ...oneOf(`${here}.whenUnsatisfiable`, whenUnsatisfiable, ['DoNotSchedule', 'ScheduleAnyway']),
      ...(again ? [fieldDuplicate(`${here}.{topologyKey, whenUnsatisfiable}`, pair)] : []),
      ...validateMinDomains(constraint, `${here}.minDomains`),
      ...(['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const).flatMap((field) =>
        constraint[field] === undefined ? [] : oneOf(`${here}.${field}`, constraint[field], ['Honor', 'Ignore']),
      ),
      ...validateLabelKeys({ matchLabelKeys, mismatchLabelKeys: [], selector }, here),
      ...validateLabelSelector(selector, `${here}.labelSelector`),
    ];
  });
}

function validateMinDomains(
  { minDomains, whenUnsatisfiable = '' }: TopologySpreadConstraint,
  field: string,
): FieldError[] {
  if (minDomains === undefined) return [];
  const faults = isPositive(minDomains, field);
  if (whenUnsatisfiable === 'DoNotSchedule') return faults;
  const why = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`;
  return [...faults, fieldInvalid(field, minDomains, why)];
}
