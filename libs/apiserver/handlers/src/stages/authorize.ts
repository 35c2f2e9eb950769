import type { Authorizer, Decision } from '@kubernest/apiserver/contract';

const NO_OPINION: Decision = { verdict: 'no-opinion', reason: '' };

/** The first authorizer with an opinion decides; nobody's opinion means no. */
export function authorizeWith(authorizers: readonly Authorizer[]): Authorizer['authorize'] {
  return async (attributes, ctx) => {
    const reasons: string[] = [];
    for (const authorizer of authorizers) {
      const answer = authorizer.authorize(attributes, ctx);
      const decision = answer instanceof Promise ? await answer : answer;
      if (decision.verdict === 'allow') return decision;
      if (decision.reason) reasons.push(decision.reason);
      if (decision.verdict === 'deny') return { verdict: 'deny', reason: reasons.join(', ') };
    }
    return reasons.length > 0 ? { verdict: 'no-opinion', reason: reasons.join(', ') } : NO_OPINION;
  };
}
