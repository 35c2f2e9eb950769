import { immutable, notNegative, type ValidationContext } from '@kubernest/definitions';
import { deepEqual, type FieldError, fieldRequired } from '@kubernest/meta';
import type { ReplicaSet } from '../../types.ts';
import { validateCounts, validateWorkload } from '../types/workload.validation.ts';

export function validateReplicaSet({ spec, status }: ReplicaSet, { subresource }: ValidationContext): FieldError[] {
  if (subresource === 'status')
    return validateCounts(status, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']);
  if (!spec) return [fieldRequired('spec')];
  return [
    ...notNegative('spec.replicas', spec.replicas),
    ...notNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...validateWorkload(spec, 'spec'),
  ];
}

export function validateReplicaSetUpdate({ spec }: ReplicaSet, old: ReplicaSet): FieldError[] {
  return deepEqual(spec?.selector, old.spec?.selector) ? [] : [immutable('spec.selector', spec?.selector)];
}
