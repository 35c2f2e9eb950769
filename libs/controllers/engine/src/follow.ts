import type { Steps, Turns } from '@kubernest/meta';

/** Takes all steps and hands over what came of them: at once while the turn lasts. Else a promise, which rejects with what a step throws. */
export function follow<T>(
  steps: Steps<T>,
  turns: Pick<Turns, 'next'>,
  hand: (result: T) => void,
): Promise<void> | undefined {
  for (;;) {
    const { done, value } = steps.next();
    if (done) {
      hand(value);
      return undefined;
    }
    const turn = turns.next();
    if (turn) return turn.then(() => follow(steps, turns, hand));
  }
}
