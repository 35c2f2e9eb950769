import type { TopologySpreadConstraint } from '@kubernest/api-types/core/v1';
import { faultsOfEach, oneOf } from '@kubernest/definitions';
import {
  type FieldError,
  fieldDuplicate,
  fieldInvalid,
  fieldRequired,
  type LabelSelector,
  validateLabelSelector,
} from '@kubernest/meta';
import { validateLabelKeys } from './affinity.validation.ts';

const isPositive = (value: number, field: string): FieldError[] =>
  value > 0 ? [] : [fieldInvalid(field, value, 'must be greater than zero')];

const pairOf = ({ topologyKey = '', whenUnsatisfiable = '' }: TopologySpreadConstraint): string =>
  `{${topologyKey}, ${whenUnsatisfiable}}`;

export function validateTopologySpread(constraints: readonly TopologySpreadConstraint[], path: string): FieldError[] {
  const last = new Map(constraints.map((constraint, i) => [pairOf(constraint), i]));
  return faultsOfEach(constraints, (constraint, i) => {
    const here = `${path}[${i}]`;
    const { topologyKey = '', whenUnsatisfiable = '' } = constraint;
    const pair = pairOf(constraint);
    const again = last.get(pair) !== i;
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
