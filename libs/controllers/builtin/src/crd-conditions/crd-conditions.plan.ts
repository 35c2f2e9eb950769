import {
  type ApiApproval,
  apiApprovalOf,
  isConditionTrue,
  type SentDefinition,
  validateCaBundle,
} from '@kubernest/kinds';
import {
  type Condition,
  type Conditions,
  conditionsOf,
  withCondition,
  withoutCondition,
} from '../shared/conditions.ts';
import { hasItsNames, type Names, planNames } from './accepted-names.plan.ts';
import { NON_STRUCTURAL, RULES_NOT_ENFORCED } from './schema-conditions.ts';

export interface Findings {
  /** All definitions of its group, itself among them. */
  readonly group: readonly SentDefinition[];
  /** What there is to say of its schemas; what is not among it is said no longer. */
  readonly schemas: readonly Condition[];
  /** Every API server that lives serves it as it stands. */
  readonly servedEverywhere: boolean;
  readonly now: Date;
}

export interface StatusPlan {
  readonly acceptedNames: Names;
  readonly conditions: Conditions;
}

const NAMES_ACCEPTED = 'NamesAccepted';
const ESTABLISHED = 'Established';

/** Its names are its own and not all serve it yet. */
export const isInstalling = (crd: SentDefinition): boolean =>
  !crd.metadata.deletionTimestamp &&
  isConditionTrue(crd, NAMES_ACCEPTED) &&
  hasItsNames(crd) &&
  !isConditionTrue(crd, ESTABLISHED);

export function planStatus(crd: SentDefinition, { group, schemas, servedEverywhere, now }: Findings): StatusPlan {
  const names = planNames(crd, group);
  const approval = apiApprovalOf(crd);
  const wanted = [
    names.condition,
    establishedBy(crd, names.condition, servedEverywhere),
    ...schemas,
    ...(approval ? [approvalCondition(approval)] : []),
  ];
  const unsaid = [NON_STRUCTURAL, RULES_NOT_ENFORCED].filter((type) => !schemas.some((each) => each.type === type));
  const kept = unsaid.reduce(withoutCondition, conditionsOf(crd));
  const conditions = wanted.reduce((told, condition) => withCondition(told, condition, now), kept);
  return { acceptedNames: names.acceptedNames, conditions };
}

/** compat: once established it stays so, whatever becomes of its names. */
function establishedBy(crd: SentDefinition, names: Condition, servedEverywhere: boolean): Condition {
  const before = conditionsOf(crd).find(({ type }) => type === ESTABLISHED);
  if (before?.status === 'True') return before;
  const not = (reason: string, message: string): Condition => ({
    type: ESTABLISHED,
    status: 'False',
    reason,
    message,
  });
  if (names.status !== 'True') return not('NotAccepted', 'not all names are accepted');
  const message = 'the initial names have been accepted';
  // What is accepted just now nobody can serve yet.
  if (!isInstalling(crd) || !servedEverywhere) return not('Installing', message);
  if (validateCaBundle(crd.spec?.conversion?.webhook?.clientConfig?.caBundle, '').length > 0)
    return not('InvalidCABundle', 'The conversion webhook CABundle is invalid');
  return { type: ESTABLISHED, status: 'True', reason: 'InitialNamesAccepted', message };
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
