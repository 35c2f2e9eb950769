import type { PodTemplateSpec } from '@kubernest/api-types/core/v1';
import { notNegative } from '@kubernest/definitions';
import {
  type FieldError,
  fieldForbidden,
  fieldInvalid,
  fieldNotSupported,
  fieldRequired,
  type LabelSelector,
  selects,
  validateLabelSelector,
} from '@kubernest/meta';
import { validatePodTemplate } from '../../core/types/pod-spec.validation.ts';

export interface Workload {
  readonly selector?: { readonly matchLabels?: Record<string, string>; readonly matchExpressions?: unknown };
  readonly template?: PodTemplateSpec;
}

/** What makes pods from a template and finds them again by labels must find its own. */
export function validateWorkload(spec: Workload, path: string): FieldError[] {
  const selector = spec.selector as LabelSelector | undefined;
  const field = `${path}.selector`;
  const wrong = validateLabelSelector(selector, field);
  if (wrong.length > 0) return [...wrong, fieldInvalid(field, selector, 'invalid label selector')];
  const faults: FieldError[] = selector ? [] : [fieldRequired(field)];
  const isEmpty =
    selector && Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0;
  if (isEmpty) faults.push(fieldInvalid(field, selector, 'empty selector is invalid for deployment'));
  const labels = spec.template?.metadata?.labels;
  if (!isEmpty && !selects(selector, labels)) {
    const why = '`selector` does not match template `labels`';
    faults.push(fieldInvalid(`${path}.template.metadata.labels`, labels ?? null, why));
  }
  return [...faults, ...validateTemplate(spec.template, `${path}.template`)];
}

/** Pods that are replaced when they end never end by themselves. */
function validateTemplate(template: PodTemplateSpec | undefined, path: string): FieldError[] {
  const { restartPolicy = '', activeDeadlineSeconds } = template?.spec ?? {};
  const faults = validatePodTemplate(template, path);
  if (restartPolicy !== 'Always')
    faults.push(fieldNotSupported(`${path}.spec.restartPolicy`, restartPolicy, ['Always']));
  if (activeDeadlineSeconds !== undefined) {
    const why = 'activeDeadlineSeconds in ReplicaSet is not Supported';
    faults.push(fieldForbidden(`${path}.spec.activeDeadlineSeconds`, why));
  }
  return faults;
}

/** How many pods there are of each sort: none below zero, and of `parts` none above all there are. */
export function validateCounts(status: object | undefined, parts: readonly string[]): FieldError[] {
  const counts = (status ?? {}) as Readonly<Record<string, unknown>>;
  const count = (field: string): number => Number(counts[field] ?? 0);
  const notAbove = (field: string, other: string, name: string): FieldError[] =>
    count(field) > count(other)
      ? [fieldInvalid(`status.${field}`, count(field), `cannot be greater than ${name}`)]
      : [];
  return [
    ...Object.keys(counts).flatMap((field) =>
      typeof counts[field] === 'number' ? notNegative(`status.${field}`, count(field)) : [],
    ),
    ...parts.flatMap((field) => notAbove(field, 'replicas', 'status.replicas')),
    ...notAbove('availableReplicas', 'readyReplicas', 'readyReplicas'),
  ];
}
