import { type ApiApproval, apiApprovalOf, type SentDefinition } from '@kubernest/kinds';
import {
  type Condition,
  type Conditions,
  conditionsOf,
  withCondition,
  withoutCondition,
} from '../shared/conditions.ts';
import { ACCEPTED, ESTABLISHED, isInstalling, notEstablished } from '../shared/installing.ts';
import { type Names, planNames } from './accepted-names.plan.ts';
import { NON_STRUCTURAL, RULES_NOT_ENFORCED } from './schema-conditions.ts';

export interface Findings {
  /** All definitions that may have a say in its names, itself among them. */
  readonly group: readonly SentDefinition[];
  /** What there is to say of its schemas; what is not among it is said no longer. */
  readonly schemas: readonly Condition[];
  readonly now: Date;
}

export interface StatusPlan {
  readonly acceptedNames: Names;
  readonly conditions: Conditions;
}

export function planStatus(crd: SentDefinition, { group, schemas, now }: Findings): StatusPlan {
  const names = planNames(crd, group);
  const approval = apiApprovalOf(crd);
  const wanted = [
    names.condition,
    establishedBy(crd, names.condition),
    ...schemas,
    ...(approval ? [approvalCondition(approval)] : []),
  ];
  const unsaid = [NON_STRUCTURAL, RULES_NOT_ENFORCED].filter((type) => !schemas.some((each) => each.type === type));
  const kept = unsaid.reduce(withoutCondition, conditionsOf(crd));
  const conditions = wanted.reduce((told, condition) => withCondition(told, condition, now), kept);
  return { acceptedNames: names.acceptedNames, conditions };
}

/** compat: once established it stays so, whatever becomes of its names. */
function establishedBy(crd: SentDefinition, names: Condition): Condition {
  const before = conditionsOf(crd).find(({ type }) => type === ESTABLISHED);
  if (before?.status === 'True') return before;
  if (names.status !== 'True') return notEstablished('NotAccepted', 'not all names are accepted');
  // What is wrong with one that could be is said by who establishes it.
  return before && isInstalling(crd) ? before : notEstablished('Installing', ACCEPTED);
}

const approvals: Readonly<Record<ApiApproval['state'], Pick<Condition, 'status' | 'reason'>>> = {
  invalid: { status: 'False', reason: 'InvalidAnnotation' },
  missing: { status: 'False', reason: 'MissingAnnotation' },
  approved: { status: 'True', reason: 'ApprovedAnnotation' },
  bypassed: { status: 'False', reason: 'UnapprovedAnnotation' },
};

const approvalCondition = ({ state, words }: ApiApproval): Condition => ({
  type: 'KubernetesAPIApprovalPolicyConformant',
  ...approvals[state],
  message: words,
});
