import { deepEqual, type FieldError, fieldRequired } from '@kubernest/meta';
import { immutable, notNegative } from '../../faults.ts';
import type { ReplicaSet } from '../../types.ts';
import { validateWorkload } from '../types/workload.validation.ts';

export function validateReplicaSet({ spec }: ReplicaSet): FieldError[] {
  if (!spec) return [fieldRequired('spec')];
  return [
    ...notNegative('spec.replicas', spec.replicas),
    ...notNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...validateWorkload(spec, 'spec'),
  ];
}

export function validateReplicaSetUpdate(set: ReplicaSet, old: ReplicaSet): FieldError[] {
  return deepEqual(set.spec?.selector, old.spec?.selector) ? [] : [immutable('spec.selector', set.spec?.selector)];
}
