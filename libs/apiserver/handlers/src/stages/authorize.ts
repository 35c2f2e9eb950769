import { type Authorizer, type Decision, notAllowed } from '@kubernest/apiserver/contract';
import type { Passage, Stage } from './stage.ts';

const NO_OPINION: Decision = { verdict: 'no-opinion', reason: '' };

/** Lets in who may do this. */
export const authorize = (ask: Authorizer['authorize']): Stage => ({
  async enter(passage, ctx) {
    const { request, info, warnings } = passage;
    const user = passage.user!;
    const { verdict, reason } = await ask({ user, info }, ctx);
    if (verdict !== 'allow') throw notAllowed(user, info, reason);
    passage.admitted = { request, info, user, warnings, annotate: annotator(passage) };
  },
});

/** What was said first of a key stands. */
const annotator =
  (passage: Passage) =>
  (key: string, value: string): void => {
    passage.annotations ??= {};
    if (!Object.hasOwn(passage.annotations, key)) passage.annotations[key] = value;
  };

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
