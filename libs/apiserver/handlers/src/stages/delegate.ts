import type { Delegate } from '@kubernest/apiserver/contract';
import type { Stage } from './stage.ts';

/** Hands on what other servers answer. What is on its way there takes no place in flight. */
export const delegate = (others: Delegate | undefined): Stage => ({
  enter(passage, ctx) {
    const answer = others?.handle(passage.admitted!, ctx);
    if (!answer) return undefined;
    passage.delegated = true;
    passage.place?.leave();
    passage.place = undefined;
    return answer;
  },
});
