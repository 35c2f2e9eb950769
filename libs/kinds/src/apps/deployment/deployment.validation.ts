import {
  deepEqual,
  type FieldError,
  fieldForbidden,
  fieldInvalid,
  fieldNotSupported,
  fieldRequired,
} from '@kubernest/meta';
import type { DeploymentSpec, DeploymentStrategy } from 'kubernetes-types/apps/v1';
import { immutable, notNegative } from '../../faults.ts';
import type { Deployment } from '../../types.ts';
import { validateCountOrPercent } from '../types/count-or-percent.validation.ts';
import { validateWorkload } from '../types/workload.validation.ts';

export function validateDeployment({ spec }: Deployment): FieldError[] {
  if (!spec) return [fieldRequired('spec')];
  return [
    ...validateWorkload(spec, 'spec'),
    ...notNegative('spec.replicas', spec.replicas),
    ...notNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...notNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
    ...validateStrategy(spec.strategy ?? {}, 'spec.strategy'),
    ...validateProgressDeadline(spec),
  ];
}

function validateStrategy({ type, rollingUpdate }: DeploymentStrategy, path: string): FieldError[] {
  if (type === 'Recreate') {
    return rollingUpdate
      ? [fieldForbidden(`${path}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'")]
      : [];
  }
  if (type !== 'RollingUpdate') return [fieldNotSupported(`${path}.type`, type ?? '', ['Recreate', 'RollingUpdate'])];
  if (!rollingUpdate) return [fieldRequired(`${path}.rollingUpdate`, 'this should be defaulted and never be nil')];
  const { maxSurge, maxUnavailable } = rollingUpdate;
  const faults = [
    ...validateCountOrPercent(maxUnavailable, `${path}.rollingUpdate.maxUnavailable`, { atMostAll: true }),
    ...validateCountOrPercent(maxSurge, `${path}.rollingUpdate.maxSurge`, { atMostAll: false }),
  ];
  const isNothing = (value: number | string | undefined): boolean => value === 0 || value === '0%';
  if (isNothing(maxSurge) && isNothing(maxUnavailable)) {
    faults.push(
      fieldInvalid(`${path}.rollingUpdate.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0'),
    );
  }
  return faults;
}

function validateProgressDeadline({ progressDeadlineSeconds, minReadySeconds = 0 }: DeploymentSpec): FieldError[] {
  if (progressDeadlineSeconds === undefined) return [];
  const field = 'spec.progressDeadlineSeconds';
  const faults = notNegative(field, progressDeadlineSeconds);
  if (progressDeadlineSeconds <= minReadySeconds)
    faults.push(fieldInvalid(field, progressDeadlineSeconds, 'must be greater than minReadySeconds'));
  return faults;
}

export function validateDeploymentUpdate(deployment: Deployment, old: Deployment): FieldError[] {
  return deepEqual(deployment.spec?.selector, old.spec?.selector)
    ? []
    : [immutable('spec.selector', deployment.spec?.selector)];
}
