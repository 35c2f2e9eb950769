import type { DeploymentSpec, DeploymentStrategy } from '@kubernest/api-types/apps/v1';
import { immutable, notNegative, type ValidationContext } from '@kubernest/definitions';
import {
  deepEqual,
  type FieldError,
  fieldForbidden,
  fieldInvalid,
  fieldNotSupported,
  fieldRequired,
  percentOf,
} from '@kubernest/meta';
import type { Deployment } from '../../types.ts';
import { validateCountOrPercent } from '../types/count-or-percent.validation.ts';
import { validateCounts, validateWorkload } from '../types/workload.validation.ts';

export function validateDeployment({ spec, status }: Deployment, { subresource }: ValidationContext): FieldError[] {
  if (subresource === 'status')
    return validateCounts(status, ['updatedReplicas', 'readyReplicas', 'availableReplicas']);
  if (!spec) return [fieldRequired('spec')];
  return [
    ...notNegative('spec.replicas', spec.replicas),
    ...validateWorkload(spec, 'spec'),
    ...validateStrategy(spec.strategy ?? {}, 'spec.strategy'),
    ...notNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...notNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
    ...validateProgressDeadline(spec),
  ];
}

function validateStrategy(strategy: DeploymentStrategy, path: string): FieldError[] {
  const { type, rollingUpdate } = strategy;
  if (type === 'Recreate') {
    return rollingUpdate
      ? [fieldForbidden(`${path}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'")]
      : [];
  }
  // compat: it is the strategy that is not supported, not its type.
  if (type !== 'RollingUpdate') return [fieldNotSupported(path, strategy, ['Recreate', 'RollingUpdate'])];
  if (!rollingUpdate) return [fieldRequired(`${path}.rollingUpdate`, 'this should be defaulted and never be nil')];
  const { maxSurge, maxUnavailable } = rollingUpdate;
  const faults = [
    ...validateCountOrPercent(maxUnavailable, `${path}.rollingUpdate.maxUnavailable`, { atMostAll: true }),
    ...validateCountOrPercent(maxSurge, `${path}.rollingUpdate.maxSurge`, { atMostAll: false }),
  ];
  const isNothing = (value: number | string | undefined): boolean =>
    typeof value === 'string' ? !percentOf(value) : (value ?? 0) === 0;
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

export function validateDeploymentUpdate(
  { spec, status }: Deployment,
  old: Deployment,
  { subresource }: ValidationContext,
): FieldError[] {
  if (subresource === 'status') {
    const [now = 0, before = 0] = [status?.collisionCount, old.status?.collisionCount];
    return now < before ? [fieldInvalid('status.collisionCount', now, 'cannot be decremented')] : [];
  }
  return deepEqual(spec?.selector, old.spec?.selector) ? [] : [immutable('spec.selector', spec?.selector)];
}
