import { notNegative } from '@kubernest/definitions';
import { type FieldError, fieldForbidden, fieldInvalid } from '@kubernest/meta';
import type { Lease } from '../../types.ts';

export function validateLease({ spec }: Lease): FieldError[] {
  const {
    leaseDurationSeconds: seconds,
    leaseTransitions,
    strategy,
    preferredHolder,
  } = (spec ?? {}) as Lease['spec'] & {
    readonly strategy?: string;
    readonly preferredHolder?: string;
  };
  const faults = notNegative('spec.leaseTransitions', leaseTransitions);
  if (seconds !== undefined && seconds <= 0)
    faults.push(fieldInvalid('spec.leaseDurationSeconds', seconds, 'must be greater than 0'));
  if (preferredHolder && !strategy)
    faults.push(fieldForbidden('spec.preferredHolder', 'may only be specified if `strategy` is defined'));
  return faults;
}
