import {
  type FieldError,
  fieldInvalid,
  fieldNotSupported,
  fieldRequired,
  type LabelSelector,
  selects,
  validateLabelSelector,
} from '@kubernest/meta';
import type { PodTemplateSpec } from 'kubernetes-types/core/v1';
import { validatePodTemplate } from '../../core/types/pod-spec.validation.ts';

export interface Workload {
  readonly selector?: { readonly matchLabels?: Record<string, string>; readonly matchExpressions?: unknown };
  readonly template?: PodTemplateSpec;
}

/** What makes pods from a template and finds them again by labels must find its own. */
export function validateWorkload(spec: Workload, path: string): FieldError[] {
  const { template } = spec;
  const selector = spec.selector as LabelSelector | undefined;
  const faults = selector ? validateLabelSelector(selector, `${path}.selector`) : [fieldRequired(`${path}.selector`)];
  const isEmpty =
    selector && Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0;
  if (isEmpty) faults.push(fieldInvalid(`${path}.selector`, selector, 'empty selector is invalid for deployment'));
  else if (selector && template && faults.length === 0 && !selects(selector, template.metadata?.labels)) {
    faults.push(
      fieldInvalid(
        `${path}.template.metadata.labels`,
        template.metadata?.labels ?? null,
        '`selector` does not match template `labels`',
      ),
    );
  }
  const { restartPolicy } = template?.spec ?? {};
  if (restartPolicy && restartPolicy !== 'Always')
    faults.push(fieldNotSupported(`${path}.template.spec.restartPolicy`, restartPolicy, ['Always']));
  if (template?.spec?.activeDeadlineSeconds !== undefined) {
    faults.push({
      type: 'FieldValueForbidden',
      field: `${path}.template.spec.activeDeadlineSeconds`,
      detail: 'activeDeadlineSeconds in ReplicaSet is not Supported',
    });
  }
  return [...faults, ...validatePodTemplate(template, `${path}.template`)];
}
