import { type Authorizer, type Decision, notAllowed } from '@kubernest/apiserver/contract';
import { onceDone } from '@kubernest/meta';
import type { Passage, Stage } from './stage.ts';

/** Lets in who may do this; at once where the authorizers know it at once, as they nearly always do. */
export const authorize = (ask: Authorizer['authorize']): Stage => ({
  enter(passage, ctx): Promise<void> | void {
    const { user, info } = passage;
    return onceDone(ask({ user: user!, info }, ctx), (decision) => admit(passage, decision));
  },
});

function admit(passage: Passage, { verdict, reason }: Decision): void {
  const { request, info, warnings } = passage;
  const user = passage.user!;
  if (verdict !== 'allow') throw notAllowed(user, info, reason);
  passage.admitted = { request, info, user, warnings, annotate: annotator(passage) };
}

/** What was said first of a key stands. */
const annotator =
  (passage: Passage) =>
  (key: string, value: string): void => {
    passage.annotations ??= {};
    if (!Object.hasOwn(passage.annotations, key)) passage.annotations[key] = value;
  };

/** The first authorizer with an opinion decides; nobody's opinion means no. */
export function authorizeWith(authorizers: readonly Authorizer[]): Authorizer['authorize'] {
  return (attributes, ctx) => {
    const from = (at: number, reasons: readonly string[]): Decision | Promise<Decision> => {
      const authorizer = authorizers[at];
      if (!authorizer) return { verdict: 'no-opinion', reason: reasons.join(', ') };
      const next = (decision: Decision): Decision | Promise<Decision> => {
        const { verdict, reason } = decision;
        if (verdict === 'allow') return decision;
        const all = reason ? [...reasons, reason] : reasons;
        return verdict === 'deny' ? { verdict, reason: all.join(', ') } : from(at + 1, all);
      };
      return onceDone(authorizer.authorize(attributes, ctx), next);
    };
    return from(0, []);
  };
}
