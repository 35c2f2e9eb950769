import type { PolicyRule } from '@kubernest/api-types/rbac/v1';
import { faultsOfEach } from '@kubernest/definitions';
import {
  type FieldError,
  fieldInvalid,
  fieldRequired,
  type LabelSelector,
  validateLabelSelector,
} from '@kubernest/meta';
import type { ClusterRole, Role } from '../../types.ts';

export const validateRole = ({ rules }: Role): FieldError[] => validateRules(rules ?? [], true);

export function validateClusterRole({ rules, aggregationRule }: ClusterRole): FieldError[] {
  const faults = validateRules(rules ?? [], false);
  if (!aggregationRule) return faults;
  const field = 'aggregationRule.clusterRoleSelectors';
  const selectors = aggregationRule.clusterRoleSelectors ?? [];
  if (selectors.length === 0)
    faults.push(fieldRequired(field, 'at least one clusterRoleSelector required if aggregationRule is non-nil'));
  return [...faults, ...selectors.flatMap((one, i) => validateLabelSelector(one as LabelSelector, `${field}[${i}]`))];
}

function validateRules(rules: readonly PolicyRule[], isNamespaced: boolean): FieldError[] {
  return faultsOfEach(rules, (rule, i) => validateRule(rule, `rules[${i}]`, isNamespaced));
}

/** A rule is about resources or about URLs; URLs are in no namespace. */
function validateRule(rule: PolicyRule, path: string, isNamespaced: boolean): FieldError[] {
  const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } = rule;
  const faults = verbs?.length ? [] : [fieldRequired(`${path}.verbs`, 'verbs must contain at least one value')];
  if (nonResourceURLs?.length) {
    const fault = (why: string): FieldError => fieldInvalid(`${path}.nonResourceURLs`, nonResourceURLs, why);
    if (isNamespaced) faults.push(fault('namespaced rules cannot apply to non-resource URLs'));
    if (apiGroups?.length || resources?.length || resourceNames?.length)
      faults.push(fault('rules cannot apply to both regular resources and non-resource URLs'));
    return faults;
  }
  if (!apiGroups?.length)
    faults.push(fieldRequired(`${path}.apiGroups`, 'resource rules must supply at least one api group'));
  if (!resources?.length)
    faults.push(fieldRequired(`${path}.resources`, 'resource rules must supply at least one resource'));
  return faults;
}
