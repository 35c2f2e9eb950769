import { type SentDefinition, validateCaBundle } from '@kubernest/kinds';
import { type Condition, conditionsOf, withCondition } from '../shared/conditions.ts';
import { ACCEPTED, ESTABLISHED, notEstablished } from '../shared/installing.ts';

/** What becomes of one whose names are its own once every API server serves it. */
export function established(crd: SentDefinition, now: Date): readonly Condition[] {
  return withCondition(conditionsOf(crd), conditionOf(crd), now);
}

function conditionOf({ spec }: SentDefinition): Condition {
  if (validateCaBundle(spec?.conversion?.webhook?.clientConfig?.caBundle, '').length > 0)
    return notEstablished('InvalidCABundle', 'The conversion webhook CABundle is invalid');
  return { type: ESTABLISHED, status: 'True', reason: 'InitialNamesAccepted', message: ACCEPTED };
}
