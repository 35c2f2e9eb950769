import { type FieldError, fieldInvalid } from '@kubernest/meta';
import { notNegative } from '../../faults.ts';
import type { Lease } from '../../types.ts';

export function validateLease({ spec }: Lease): FieldError[] {
  const seconds = spec?.leaseDurationSeconds;
  const faults = notNegative('spec.leaseTransitions', spec?.leaseTransitions);
  if (seconds !== undefined && seconds <= 0)
    faults.push(fieldInvalid('spec.leaseDurationSeconds', seconds, 'must be greater than 0'));
  return faults;
}
